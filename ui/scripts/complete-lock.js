/**
 * Names in package-lock.json the packages of other systems that a registry mirror did not have.
 *
 * `npm install` leaves out an optional package that it cannot find, and `npm ci` then refuses the lock file
 * everywhere. Run this after every `npm install`: it adds what is missing by name, version and system.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = join(import.meta.dirname, '..', 'package-lock.json');

/** Optional packages that some package names and the lock file lacks, with their exact versions. */
export function missingFrom(lock) {
  const found = {};
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${place}/node_modules/${name}`;
      if (lock.packages[`node_modules/${name}`] || lock.packages[nested]) continue;
      found[name] = version;
    }
  }
  return found;
}

/** The system a platform package is for, read from its name: `…-linux-arm64-musl`. */
export function systemOf(name) {
  const [, os, cpu, flavour] =
    /(android|darwin|freebsd|linux|win32)-(arm64|arm|x64|ia32)(?:-(\w+))?$/.exec(name) ?? [];
  if (!os || !cpu) return undefined;
  const libc = flavour === 'musl' ? ['musl'] : flavour === 'gnu' ? ['glibc'] : undefined;
  return { cpu: [cpu], ...(libc ? { libc } : {}), os: [os] };
}

export function readLock() {
  return JSON.parse(readFileSync(LOCK, 'utf8'));
}

if (process.argv[1] === import.meta.filename) {
  const lock = readLock();
  for (const [name, version] of Object.entries(missingFrom(lock))) {
    const system = systemOf(name);
    if (!system) throw new Error(`${name} is missing, and its name does not say for which system it is.`);
    lock.packages[`node_modules/${name}`] = { version, ...system, dev: true, optional: true };
    console.log(`added ${name} ${version}`);
  }
  const root = lock.packages[''];
  const others = Object.entries(lock.packages).filter(([place]) => place !== '');
  others.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(others) };
  writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
}
