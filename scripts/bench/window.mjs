// How long until the window has painted, and what its process tree weighs, beside a bare Tauri window.
// Usage: window.mjs FOLDER_WITH_BINARIES [ROUNDS]; needs a display.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, report } from './report.mjs';

const [folder, rounds = '7'] = process.argv.slice(2);
const SETTLES_MS = 3000;

/** Pids of a process and everything it started. */
function tree(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      // The name in brackets may hold anything; the parent is the second field behind it.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').pop().split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** Memory that a tree of processes does not share, plus its part of what it does. */
function weight(root) {
  const kilobytes = tree(root).map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

async function measure(binary, home) {
  const paintFile = join(home, 'painted');
  rmSync(paintFile, { force: true });
  const settings = { PICFERRY_HOME: home, PICFERRY_SECRETS: 'file', PICFERRY_PAINT_FILE: paintFile };
  const began = Date.now();
  const child = spawn(binary, [], {
    detached: true,
    stdio: 'ignore',
    // Picferry turns this renderer off by itself; the bare window has to go without it too.
    env: { ...process.env, WEBKIT_DISABLE_DMABUF_RENDERER: '1', ...settings },
  });
  try {
    while (!existsSync(paintFile) || readFileSync(paintFile, 'utf8') === '') {
      if (Date.now() - began > 60_000) throw new Error(`${binary} did not paint within a minute`);
      await sleep(5);
    }
    const painted = Number(readFileSync(paintFile, 'utf8')) - began;
    await sleep(SETTLES_MS);
    return { painted, memory: weight(child.pid) };
  } finally {
    process.kill(-child.pid, 'SIGKILL');
    await sleep(300);
  }
}

/** The two take turns: what else the machine does, and how warm its caches are, is the same for both. */
async function compare(binaries) {
  const homes = binaries.map(() => mkdtempSync(join(tmpdir(), 'picferry-bench-')));
  const results = binaries.map(() => []);
  // The first start makes the database and fills the disk cache; it is not counted.
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [place, binary] of binaries.entries()) {
      const result = await measure(binary, homes[place]);
      if (round > 0) results[place].push(result);
    }
  }
  for (const home of homes) rmSync(home, { recursive: true, force: true });
  if (process.env.PICFERRY_BENCH_ROUNDS) console.error(JSON.stringify(results));
  return results.map((those) => ({
    painted: median(those.map((one) => one.painted)),
    memory: median(those.map((one) => one.memory)),
  }));
}

const [bare, ours] = await compare([join(folder, 'examples/bare_window'), join(folder, 'picferry-app')]);
report('Start to first paint, bare window', `${bare.painted.toFixed(0)} ms`);
report('Start to first paint, Picferry', `${ours.painted.toFixed(0)} ms`, ours.painted / bare.painted, 1.3);
report('Memory of the process tree, bare window', `${bare.memory.toFixed(0)} MB`);
report('Memory of the process tree, Picferry', `${ours.memory.toFixed(0)} MB`, ours.memory / bare.memory, 1.25);
