// Picferry beside PicGo with its S3 plugin: the same pictures into the same store, in turns.
// Usage: picgo/main.mjs FOLDER_WITH_BINARIES [ROUNDS]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, leavePicturesAlone, openHome, picture, storeAccess, timed, untilItAnswers } from '../home.mjs';
import { median, report } from '../report.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, rounds = '9'] = process.argv.slice(2);
const picferry = join(folder, 'picferry');
const MANY = 100;
const GLANCE_MS = 4;
const QUIET_MS = 3000;

const { home, env } = openHome();
// Not in the system's temporary folder: what lies there may vanish and is copied first.
const lasting = mkdtempSync(join(folder, 'bench-pictures-'));

/** PicGo looks for its plugins beside its configuration. */
function configurePicgo(access) {
  const place = join(home, 'picgo');
  mkdirSync(place);
  symlinkSync(join(here, 'node_modules'), join(place, 'node_modules'));
  copyFileSync(join(here, 'package.json'), join(place, 'package.json'));
  const s3 = {
    accessKeyID: access.access_key_id,
    secretAccessKey: access.secret,
    bucketName: access.bucket,
    uploadPath: 'picgo/{md5}.{extName}',
    endpoint: access.endpoint,
    region: 'us-east-1',
    pathStyleAccess: true,
    acl: 'private',
  };
  const picBed = { uploader: 'aws-s3', current: 'aws-s3', 'aws-s3': s3 };
  const config = join(place, 'config.json');
  writeFileSync(config, JSON.stringify({ picBed, picgoPlugins: { 'picgo-plugin-s3': true } }));
  return [join(here, 'node_modules/picgo/bin/picgo'), '-c', config];
}

/** The most memory that a process had, in MB; nothing once it is gone. */
function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Runs a program to its end: how long it took, and the most memory it had. */
async function run(program, options, links) {
  let [memory, output] = [0, ''];
  const time = await timed(async () => {
    const child = spawn(program, options, { env });
    const glance = setInterval(() => {
      memory = Math.max(memory, peakMemory(child.pid) || 0);
    }, GLANCE_MS);
    child.stdout.on('data', (data) => {
      output += data;
    });
    await once(child, 'close');
    clearInterval(glance);
  });
  const sent = output.split('\n').filter((line) => line.startsWith('http')).length;
  if (sent !== links) throw new Error(`${program} gave ${sent} links for ${links} pictures:\n${output}`);
  return { time, memory };
}

async function request(port, list) {
  const answer = await fetch(`http://127.0.0.1:${port}/upload`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ list }),
  });
  const body = await answer.json();
  if (!body.success || body.result.length !== list.length) throw new Error(JSON.stringify(body));
}

let number = 0;
const pictures = (count) =>
  Array.from({ length: count }, () => {
    const path = join(lasting, `picture-${number++}.png`);
    writeFileSync(path, picture());
    return path;
  });

/** Both in turns; the first round warms up and is not counted. */
async function compare(what, target, ours, theirs) {
  const [mine, other] = [[], []];
  for (let round = 0; round <= Number(rounds); round++) {
    mine.push(await ours());
    other.push(await theirs());
  }
  const middle = (figures) => median(figures.slice(1));
  const [a, b] = [middle(mine), middle(other)];
  const verdict = b / a >= target ? '(met)' : '(MISSED)';
  report(what, `${a.toFixed(1)} against ${b.toFixed(1)}  ${(b / a).toFixed(1)} ×, target ${target} × ${verdict}`);
}

const store = spawn(picferry, ['serve', '--port', String(await freePort())], {
  env,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const others = [];
try {
  await once(store.stdout, 'data');
  const picgo = configurePicgo(storeAccess(home));
  leavePicturesAlone(home);
  const [ourPort, theirPort] = [await freePort(), await freePort()];
  const start = (program, options) => {
    const child = spawn(program, options, { env, stdio: 'ignore' });
    others.push(child);
    return child;
  };

  const upload = (files) => run(picferry, ['upload', ...files, '--format', 'url'], files.length);
  const theirUpload = (files) => run(process.execPath, [...picgo, 'upload', ...files], files.length);
  const one = { ours: [], theirs: [] };
  const note = (list, done) => (list.push(done.memory), done.time);
  await compare(
    'One file from a cold start, ms',
    10,
    async () => note(one.ours, await upload(pictures(1))),
    async () => note(one.theirs, await theirUpload(pictures(1))),
  );
  await compare(
    `${MANY} files from a cold start, ms`,
    3,
    async () => (await upload(pictures(MANY))).time,
    async () => (await theirUpload(pictures(MANY))).time,
  );

  const server = start(picferry, ['serve', '--port', String(ourPort)]);
  const theirServer = start(process.execPath, [
    ...picgo,
    'server',
    '--port',
    String(theirPort),
    '--host',
    '127.0.0.1',
    '-i',
  ]);
  await Promise.all([untilItAnswers(ourPort), untilItAnswers(theirPort)]);
  await compare(
    'One request to the server, ms',
    1,
    () => timed(() => request(ourPort, pictures(1))),
    () => timed(() => request(theirPort, pictures(1))),
  );
  // Thumbnails are drawn when the links are out.
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const memory = (what, a, b) =>
    report(
      what,
      `${a.toFixed(0)} against ${b.toFixed(0)}  ${(b / a).toFixed(1)} ×, target 4 × ${b / a >= 4 ? '(met)' : '(MISSED)'}`,
    );
  memory('Most memory of one upload, MB', median(one.ours), median(one.theirs));
  memory('Most memory of the server, MB', peakMemory(server.pid), peakMemory(theirServer.pid));
} finally {
  for (const child of [...others, store]) {
    child.kill('SIGTERM');
  }
  await once(store, 'exit');
  rmSync(home, { recursive: true, force: true });
  rmSync(lasting, { recursive: true, force: true });
}
