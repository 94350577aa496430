import { expect, it } from 'vitest';
import { installHost } from '../host/host';
import { FakeHost } from '../testing/fake_host';
import { sampleJob, sampleState } from '../testing/samples';
import { app } from './app.svelte';
import { listen } from './events';
import { jobs } from './jobs.svelte';

it('what happens while a snapshot is on its way is not undone by it', async () => {
  const running = sampleJob('a', { state: 'running' });
  let answer: (() => void) | undefined;
  const host = new FakeHost();
  const call = host.call.bind(host);
  host.call = ((command: never, payload: never) =>
    command === 'app_state'
      ? new Promise((resolve) => {
          answer = () => resolve(sampleState({ jobs: [running] }) as never);
        })
      : call(command, payload)) as typeof host.call;
  installHost(host);
  const stop = listen();

  const loading = app.load();
  host.emit({ type: 'job_changed', job: { ...running, state: 'done' } });
  answer?.();
  await loading;

  expect(jobs.byId.get('a')?.state).toBe('done');
  stop();
});
