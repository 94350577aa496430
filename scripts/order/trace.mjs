// Runs the command line as people do, under Valgrind, and writes the functions that ran into a file, one a line.
// Prints the file's name; it holds a hash of the content, so that cargo links anew when that changes.
// Usage: trace.mjs BINARY FOLDER

import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { freePort, leavePicturesAlone, openHome, picture, untilItAnswers } from '../bench/home.mjs';

const [binary, folder] = process.argv.slice(2);
const PHOTO = 'crates/imaging/assets/sample.jpg';
const REQUESTS = 3;
const QUIET_MS = 10_000;

const { home, env } = openHome();
// Not in the system's temporary folder: what lies there may vanish and is copied first.
const place = mkdtempSync(join(folder, 'trace-'));

/** What every upload needs comes first; what makes a home, and pictures smaller, adds only what is missing. */
const [everyUpload, seldom] = [[], []];

/** Starts a run whose trace will be one of these. */
function start(traces, ...options) {
  const trace = join(place, `${randomUUID()}.trace`);
  traces.push(trace);
  const valgrind = ['-q', '--tool=callgrind', '--demangle=no', `--callgrind-out-file=${trace}`];
  return spawn('valgrind', [...valgrind, binary, ...options], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function run(traces, ...options) {
  const [code] = await once(start(traces, ...options), 'exit');
  if (code !== 0) throw new Error(`picferry ${options.join(' ')} ended with ${code}`);
}

async function serve() {
  const port = await freePort();
  const child = start(everyUpload, 'serve', '--port', String(port));
  await untilItAnswers(port);
  return { child, port };
}

async function stop({ child }) {
  child.kill('SIGINT');
  await once(child, 'exit');
}

function fresh() {
  const path = join(place, `${randomUUID()}.png`);
  writeFileSync(path, picture());
  return path;
}

async function request(port, path) {
  const answer = await fetch(`http://127.0.0.1:${port}/upload`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ list: [path] }),
  });
  const body = await answer.json();
  if (!body.success) throw new Error(JSON.stringify(body));
}

/** The functions of the program in a trace, in its order. */
function functions(trace) {
  const [objects, names, found] = [new Map(), new Map(), []];
  let object = '';
  for (const line of trace.split('\n')) {
    // A name is written once and called by its number from then on; `c` marks what is called.
    const [, called, kind, number, name] = /^(c?)(ob|fn)=\((\d+)\)(?: (.*))?$/.exec(line) ?? [];
    if (!kind) continue;
    const known = kind === 'ob' ? objects : names;
    if (name) known.set(number, name);
    if (called) continue;
    if (kind === 'ob') object = known.get(number);
    // A number after the name tells apart the rounds of a function that calls itself.
    else if (basename(object) === basename(binary)) found.push(known.get(number).replace(/'\d+$/, ''));
  }
  return found.filter((name) => /^\w[\w.$]*$/.test(name) && !name.startsWith('0x'));
}

try {
  const photo = join(place, 'photo.jpg');
  copyFileSync(PHOTO, photo);
  await run(seldom, 'upload', fresh());
  await run(seldom, 'upload', photo);
  leavePicturesAlone(home);
  const store = await serve();
  await run(everyUpload, 'upload', fresh());
  const server = await serve();
  for (let round = 0; round < REQUESTS; round++) {
    const path = fresh();
    await request(server.port, path);
    // The same once more: the host is asked whether it has it still.
    await request(server.port, path);
    await request(store.port, fresh());
  }
  // Thumbnails, the search index and the giving back of memory follow when it is quiet.
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  await stop(server);
  await stop(store);

  const traces = [...everyUpload, ...seldom].map((trace) => readFileSync(trace, 'utf8'));
  const names = new Set(traces.flatMap(functions));
  const list = `${[...names].join('\n')}\n`;
  const hash = createHash('sha256').update(list).digest('hex').slice(0, 12);
  const order = join(folder, `function-order-${hash}.txt`);
  writeFileSync(order, list);
  console.log(order);
} finally {
  rmSync(home, { recursive: true, force: true });
  rmSync(place, { recursive: true, force: true });
}
