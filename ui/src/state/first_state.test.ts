import { expect, it } from 'vitest';
import { installHost } from '../host/host';
import { FakeHost } from '../testing/fake_host';
import { sampleState } from '../testing/samples';
import { app } from './app.svelte';
import { askFirstState } from './first_state';

it('the first load shows what was asked for before, a later one asks anew', async () => {
  let answers = 0;
  installHost(new FakeHost({ app_state: () => sampleState({ version: String(++answers) }) }));
  await askFirstState();
  await app.load();
  expect([answers, app.version]).toEqual([1, '1']);
  await app.load();
  expect([answers, app.version]).toEqual([2, '2']);
});

it('a first answer that failed is told by the load that takes it', async () => {
  const host = new FakeHost();
  const call = host.call.bind(host);
  host.call = ((command: never, payload: never) =>
    command === 'app_state'
      ? Promise.reject({ code: 'database_damaged', message: 'Damaged.', retryable: false })
      : call(command, payload)) as typeof host.call;
  installHost(host);
  await askFirstState().catch(() => undefined);
  await app.load();
  expect(app.failure?.failure.code).toBe('database_damaged');
});
