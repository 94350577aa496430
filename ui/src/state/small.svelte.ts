/** What the small windows show: snapshots that the engine's side sends them. */

import { AppError } from '../errors/app_error';
import { sentence } from '../errors/words';
import type { Arrival, Crossing, EngineEvent, Offer } from '../host/contract';
import { host } from '../host/host';
import { app } from './app.svelte';

/** A failure of what was just asked for is said that long. */
const SAID_MILLIS = 6000;

/** Notices about pictures; all others belong to the main window. */
const TOPICS: readonly string[] = ['upload', 'clipboard'];

export const NO_CROSSING: Crossing = {
  phase: 'ready',
  jobs: [],
  done: 0,
  failed: 0,
  ended: 0,
  percent: 0,
  bytes_per_second: 0,
  seconds_left: null,
  bytes_in: 0,
  bytes_out: 0,
  thumbnails: [],
  copied: null,
  error: null,
  need_you: 0,
};

class SmallModel {
  crossing = $state.raw<Crossing>(NO_CROSSING);
  arrival = $state.raw<Arrival | null>(null);
  /** What the card asks about, until news come. */
  offer = $state.raw<Offer | null>(null);
  /** The person agreed to it on the card. */
  agreed = $state(false);
  /** How many files are above the window; `null` when none are. */
  hovering = $state<number | null>(null);
  /** One sentence about what could not be done. */
  said = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  apply(event: EngineEvent): void {
    switch (event.type) {
      case 'crossing_changed':
        this.crossing = event.crossing;
        if (event.crossing.phase === 'uploading') this.said = '';
        break;
      case 'arrived':
        this.arrival = event.arrival;
        this.offer = null;
        break;
      case 'asked':
        this.offer = event.offer;
        this.agreed = false;
        this.said = '';
        break;
      case 'drag_hover':
        this.hovering = event.count;
        break;
      case 'drag_left':
        this.hovering = null;
        break;
      case 'settings_changed':
        void app.load();
        break;
      case 'notice':
        if (TOPICS.includes(event.notice.topic)) this.say(sentence(event.notice.error));
        break;
    }
  }

  say(text: string): void {
    this.said = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.said = '';
    }, SAID_MILLIS);
  }

  /** Uploads what the card asks about; where that fails the question stays. */
  async agree(offer: Offer, profileId: string | undefined): Promise<void> {
    this.agreed = true;
    const accepted = await this.attempt(() =>
      host().call('offer_answer', { id: offer.id, accept: true, profile_id: profileId ?? null }),
    );
    if (accepted === undefined) this.agreed = false;
  }

  /** Runs what a button asks for; a failure is said in the window. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      this.say(sentence(AppError.from(thrown).failure));
      return undefined;
    }
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.crossing = NO_CROSSING;
    this.arrival = null;
    this.offer = null;
    this.agreed = false;
    this.hovering = null;
    this.said = '';
  }
}

export const small = new SmallModel();
