import { describe, expect, it } from 'vitest';
import { missingFrom, readLock, systemOf } from '../scripts/complete-lock.js';

describe('package-lock.json', () => {
  it('names the packages of every system, or npm ci refuses it', () => {
    expect(missingFrom(readLock())).toEqual({});
  });

  it('names no host that packages come from', () => {
    expect(JSON.stringify(readLock())).not.toContain('"resolved"');
  });
});

describe('the system of a platform package', () => {
  it('stands in its name', () => {
    expect(systemOf('@biomejs/cli-linux-x64-musl')).toEqual({ cpu: ['x64'], libc: ['musl'], os: ['linux'] });
    expect(systemOf('@x/y-win32-arm64-msvc')).toEqual({ cpu: ['arm64'], os: ['win32'] });
    expect(systemOf('@x/y')).toBeUndefined();
  });
});
