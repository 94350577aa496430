// How long one `picferry upload` takes from the start of the process to the link, beside the same picture
// put into the same store by a bare request. Usage: cli.mjs FOLDER_WITH_BINARIES [ROUNDS]

import { spawn, spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leavePicturesAlone, openHome, picture, storeAccess, timed } from './home.mjs';
import { median, report } from './report.mjs';

const [folder, rounds = '30'] = process.argv.slice(2);
const binary = join(folder, 'picferry');
const TARGET_MS = 60;

const { home, env } = openHome();

/** A bare signed PUT, nothing else: the store's own time. */
async function put(access, body, key) {
  const url = new URL(`/${access.bucket}/${key}`, access.endpoint);
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = now.slice(0, 8);
  const digest = createHash('sha256').update(body).digest('hex');
  const headers = { host: url.host, 'x-amz-content-sha256': digest, 'x-amz-date': now };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  const canonical = ['PUT', url.pathname, '', lines, names, digest].join('\n');
  const scope = `${day}/${access.region}/s3/aws4_request`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const sign = (secret, text) => createHmac('sha256', secret).update(text).digest();
  const signing = scope.split('/').reduce(sign, `AWS4${access.secret}`);
  const signature = sign(signing, ['AWS4-HMAC-SHA256', now, scope, hashed].join('\n')).toString('hex');
  const { host, ...sent } = headers;
  const authorization = `AWS4-HMAC-SHA256 Credential=${access.access_key_id}/${scope},SignedHeaders=${names},Signature=${signature}`;
  const response = await fetch(url, { method: 'PUT', body, headers: { ...sent, authorization } });
  if (!response.ok) throw new Error(`the store answered ${response.status}: ${await response.text()}`);
}

function upload(file) {
  const done = spawnSync(binary, ['upload', file, '--format', 'url'], { env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

const store = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
try {
  await once(store.stdout, 'data');
  const access = storeAccess(home);
  leavePicturesAlone(home);
  const ours = [];
  const bare = [];
  const idle = [];
  // The first of each warms the disk cache and is not counted.
  for (let round = 0; round <= Number(rounds); round++) {
    const body = picture();
    const file = join(home, `picture-${round}.png`);
    writeFileSync(file, body);
    idle.push(await timed(() => spawnSync(binary, ['--version'], { env })));
    ours.push(await timed(() => upload(file)));
    bare.push(await timed(() => put(access, body, `bare-${round}.png`)));
  }
  const [all, alone, process] = [ours, bare, idle].map((times) => median(times.slice(1)));
  const beyond = all - alone;
  report('Process start and end alone (--version)', `${process.toFixed(1)} ms`);
  report('Store: one bare PUT of 300 kB', `${alone.toFixed(1)} ms`);
  report('Command line: cold start to link, 300 kB', `${all.toFixed(1)} ms`);
  const verdict = beyond <= TARGET_MS ? '(met)' : '(MISSED)';
  report('  beyond the store', `${beyond.toFixed(1)} ms  target at most ${TARGET_MS} ms ${verdict}`);
} finally {
  store.kill('SIGTERM');
  await once(store, 'exit');
  rmSync(home, { recursive: true, force: true });
}
