// Programs that are started anew for each picture; what their start alone costs is taken off again.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { median } from '../report.mjs';

/** bash counts the processor time of a child to the millisecond. */
const TIME = 'TIMEFORMAT="%3U %3S %3R"; time "$@" >/dev/null 2>&1';

function once(command) {
  const done = spawnSync('bash', ['-c', TIME, 'bash', ...command], { encoding: 'utf8' });
  const [user, system, wall] = done.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { status: done.status, cpu_ms: (user + system) * 1000, wall_ms: wall * 1000 };
}

const starts = new Map();
function startOf(tool) {
  if (!starts.has(tool)) {
    const runs = Array.from({ length: 5 }, () => once([tool, '--help']));
    starts.set(tool, { cpu_ms: median(runs.map((run) => run.cpu_ms)), wall_ms: median(runs.map((run) => run.wall_ms)) });
  }
  return starts.get(tool);
}

/** Runs a tool that writes `output`. */
export function runTool(tool, args, output) {
  const start = startOf(tool);
  const { status, cpu_ms, wall_ms } = once([tool, ...args]);
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${status}`);
  return {
    cpu_ms: Math.max(cpu_ms - start.cpu_ms, 0),
    wall_ms: Math.max(wall_ms - start.wall_ms, 0),
    bytes: statSync(output).size,
  };
}

/** The first line that has a number in it of what a tool says about its version. */
export function versionOf(tool, flag = '--version') {
  const said = spawnSync(tool, [flag], { encoding: 'utf8' });
  const line = `${said.stdout}\n${said.stderr}`.split('\n').find((one) => /\d+\.\d+/.test(one)) ?? 'unknown';
  return /\d+\.\d+(\.\d+)?/.exec(line)?.[0] ?? line;
}
