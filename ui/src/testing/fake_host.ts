/** A host for tests: answers are given by the test, calls are kept, events are sent by hand. */

import { AppError } from '../errors/app_error';
import type {
  AppState,
  CommandName,
  EngineEvent,
  ErrorCode,
  Failure,
  Platform,
  RequestOf,
  ResponseOf,
} from '../host/contract';
import { type Host, installHost, type Listener } from '../host/host';
import { app } from '../state/app.svelte';
import { emptyAppState } from '../state/defaults';
import { applyEvent } from '../state/events';

type Answers = { [C in CommandName]?: (payload: RequestOf<C>) => ResponseOf<C> | Promise<ResponseOf<C>> };
type Call = { command: CommandName; payload: unknown };

export class FakeHost implements Host {
  readonly platform: Platform = 'linux';
  isBridge = false;
  readonly calls: Call[] = [];
  readonly answers: Answers;
  readonly #listeners = new Set<Listener>();

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  async call<C extends CommandName>(command: C, payload: RequestOf<C>): Promise<ResponseOf<C>> {
    this.calls.push({ command, payload });
    const answer = this.answers[command] as ((payload: RequestOf<C>) => ResponseOf<C>) | undefined;
    if (answer) return answer(payload);
    // Most commands answer nothing.
    return null as ResponseOf<C>;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  thumbnailUrl(name: string): string {
    return `/thumb/${name}`;
  }

  pictureUrl(picture: string, what: string, decoded = false): string {
    return `/thumb/compress/${picture}/${what}${decoded ? '?decoded' : ''}`;
  }

  /** Sends an event as the engine would. */
  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
    if (this.#listeners.size === 0) applyEvent(event);
  }

  /** What was sent with the calls of a command, oldest first. */
  sent<C extends CommandName>(command: C): RequestOf<C>[] {
    return this.calls.filter((call) => call.command === command).map((call) => call.payload as RequestOf<C>);
  }
}

/** Installs a fake host with this state and loads it, as the window does at its start. */
export async function startWith(state: Partial<AppState> = {}, answers: Answers = {}): Promise<FakeHost> {
  const whole: AppState = { ...emptyAppState('linux'), ...state };
  const fake = new FakeHost({ app_state: () => whole, ...answers });
  installHost(fake);
  await app.load();
  return fake;
}

export function failure(code: ErrorCode, more: Partial<Failure> = {}): Failure {
  return { code, message: `The engine says ${code}.`, retryable: false, ...more };
}

export function appError(code: ErrorCode, more: Partial<Failure> = {}): AppError {
  return new AppError(failure(code, more));
}
