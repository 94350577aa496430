// A home of its own for a bench, with the built-in store in it and pictures to send there.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** A new home and the environment of programs that live in it. */
export function openHome() {
  const home = mkdtempSync(join(tmpdir(), 'picferry-bench-'));
  return { home, env: { ...process.env, PICFERRY_HOME: home, PICFERRY_SECRETS: 'file' } };
}

/** A picture of noise, a little over 300 kB, so that no two are the same and nothing is deduplicated. */
export function picture() {
  const [width, height] = [320, 320];
  const rows = Buffer.concat(
    Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), randomBytes(width * 3)])),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (kind, body) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(body.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

/** The built-in store's address and keys, as Picferry wrote them into its own folder. */
export function storeAccess(home) {
  const { profiles } = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'));
  const { fields } = profiles[0];
  const [secret] = Object.entries(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')))
    .filter(([account]) => account.endsWith('secret_access_key'))
    .map(([, value]) => value);
  return { region: 'us-east-1', ...fields, secret };
}

/** Sends pictures as they are, so that only the way to the store is measured; the image engine has benches of its own. */
export function leavePicturesAlone(home) {
  const file = join(home, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.profiles[0].fields.image_skip = 'png';
  writeFileSync(file, JSON.stringify(settings));
}

/** How long some work takes, in milliseconds. */
export async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** A port that nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Waits until a server in PicGo's manner answers there. */
export async function untilItAnswers(port) {
  for (let tries = 0; tries < 1000; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/heartbeat`, { method: 'POST' }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody answers at port ${port}`);
}
