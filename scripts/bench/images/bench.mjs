// What the sections share: the workers, the scores, the rounds.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../report.mjs';
import { Worker } from './workers.mjs';

const here = import.meta.dirname;

export class Bench {
  constructor({ driver, paths, rounds, quick, cache }) {
    Object.assign(this, { driver, paths, rounds, quick, cache });
    this.scratch = mkdtempSync(join(tmpdir(), 'picferry-bench-images-'));
    this.ours = new Worker(driver, []);
    this.scorer = new Worker(driver, []);
    this.sharp = this.newSharp();
    this.jsquash = new Worker(process.execPath, [join(here, 'jsquash-worker.mjs')]);
    this.files = 0;
  }

  newSharp() {
    return new Worker(process.execPath, [join(here, 'sharp-worker.mjs')]);
  }

  async end() {
    for (const worker of [this.ours, this.scorer, this.sharp, this.jsquash]) await worker.end();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** A new file name for something that will be scored. */
  file(extension) {
    return join(this.scratch, `${this.files++}.${extension}`);
  }

  /** All or, in a quick run, the first few. */
  some(names, quick = 3) {
    return this.quick ? names.slice(0, quick) : names;
  }

  reference(input, edge, output) {
    return this.scorer.ask({ op: 'reference', input, edge, output });
  }

  /** The score of a file against the last reference. AVIF is decoded by avifdec, whoever wrote it. */
  async score(file) {
    return (await this.scorer.ask({ op: 'score', file: this.#readable(file) })).score;
  }

  async isSame(file) {
    return (await this.scorer.ask({ op: 'same', file: this.#readable(file) })).same;
  }

  #readable(file) {
    if (!file.endsWith('.avif')) return file;
    const decoded = `${file}.png`;
    const done = spawnSync('avifdec', [file, decoded], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`avifdec: ${done.stderr}`);
    return decoded;
  }

  /** Something to be measured: `work(output)` does it once and answers with cost and bytes. */
  contender(name, work, more = {}) {
    return { name, work, samples: [], ...more };
  }

  byUs(name, input, recipe) {
    return this.contender(name, (output) => this.ours.ask({ op: 'run', input, recipe, output }), { format: recipe.format });
  }

  bySharp(name, input, recipe, concurrency) {
    const work = (output) => this.sharp.ask({ op: 'run', input, recipe, output, concurrency });
    return this.contender(name, work, { format: recipe.format });
  }

  byJsquash(name, input, recipe) {
    return this.contender(name, (output) => this.jsquash.ask({ op: 'run', input, recipe, output }), { format: recipe.format });
  }

  /** Runs a contender once to know bytes and score; this also warms it up. */
  async try(contender, extension = contender.format) {
    const output = this.file(extension === 'jpeg' ? 'jpg' : extension);
    const { bytes } = await contender.work(output);
    return Object.assign(contender, { bytes, score: await this.score(output), output });
  }

  /** Every contender of every group once a round, each round beginning with another one. */
  async measure(groups, rounds = this.rounds) {
    for (let round = 0; round < rounds; round++) {
      for (const group of groups) {
        for (let at = 0; at < group.length; at++) {
          const contender = group[(at + round) % group.length];
          contender.samples.push(await contender.work());
        }
      }
    }
    for (const contender of groups.flat()) {
      contender.bytes = contender.samples[0].bytes;
      contender.cpu = median(contender.samples.map((sample) => sample.cpu_ms));
      contender.wall = median(contender.samples.map((sample) => sample.wall_ms));
    }
  }

  /**
   * The contenders of `make(quality)` just below and just above the score `wanted`; one of them twice
   * if it meets it, or if the end of the scale was reached.
   */
  async around(wanted, make, first, [least, most] = [1, 100]) {
    let [below, above] = [];
    let quality = first;
    for (let tries = 0; tries < 8; tries++) {
      const found = await this.try(make(quality));
      found.quality = quality;
      if (Math.abs(found.score - wanted) <= 0.05) return [found, found];
      if (found.score < wanted) below = found;
      else above = found;
      if (below && above && (above.quality - below.quality <= 1 || above.score - below.score < 1)) break;
      quality = this.#next(wanted, found, below, above, least, most);
      if (quality === undefined) break;
    }
    return [below ?? above, above ?? below];
  }

  #next(wanted, found, below, above, least, most) {
    if (below && above) {
      const part = (wanted - below.score) / (above.score - below.score);
      const guess = Math.round(below.quality + part * (above.quality - below.quality));
      return Math.min(Math.max(guess, below.quality + 1), above.quality - 1);
    }
    const step = Math.sign(wanted - found.score) * Math.max(1, Math.ceil(Math.abs(wanted - found.score) * 1.6));
    const guess = Math.min(Math.max(found.quality + step, least), most);
    return guess === found.quality ? undefined : guess;
  }
}

/** What a pair from `around` would be at the score `wanted`. Beyond its end it is that end, and says so. */
export function at(wanted, [below, above]) {
  const span = above.score - below.score;
  const part = span > 0 ? Math.min(Math.max((wanted - below.score) / span, 0), 1) : 0;
  const mix = (field) => below[field] + part * (above[field] - below[field]);
  const [cpu, wall, bytes, score, quality] = ['cpu', 'wall', 'bytes', 'score', 'quality'].map(mix);
  return { cpu, wall, bytes, score, quality, equal: Math.abs(score - wanted) <= 0.3 };
}

/** The mean of ratios. */
export const mean = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
export const sum = (values) => values.reduce((total, value) => total + value, 0);
