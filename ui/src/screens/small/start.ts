/** What both small windows begin with: the host, the news, the settings, and the word that they can be seen. */

import '../../styles/index.css';
import { type Component, mount } from 'svelte';
import { chooseHost } from '../../host/choose';
import { host, installHost } from '../../host/host';
import { tellPainted } from '../../host/painted';
import { app } from '../../state/app.svelte';
import { eventGate } from '../../state/event_gate';
import { small } from '../../state/small.svelte';

/** Listens, asks for the settings and draws; the window comes up with its words in it. */
export function startSmall(Window: Component): void {
  installHost(chooseHost());
  listenSmall();
  void app.load().then(() => {
    const target = document.getElementById('app');
    if (target) mount(Window, { target });
    tellPainted();
  });
}

export function listenSmall(): () => void {
  return host().subscribe((event) => eventGate.pass(event, (held) => small.apply(held)));
}
