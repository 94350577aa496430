/** Bytes per second over the last seconds, from the steps of progress. */

const WINDOW_MILLIS = 3000;

export class SpeedMeter {
  #steps: { at: number; bytes: number }[] = [];

  /** Bytes that went out since the last look. A retry starts again at 0 and gives a negative step: ignored. */
  saw(bytes: number, now: number): void {
    if (bytes > 0) this.#steps.push({ at: now, bytes });
    this.#steps = this.#steps.filter((step) => now - step.at <= WINDOW_MILLIS);
  }

  /** 0 until there is enough to tell. */
  bytesPerSecond(now: number): number {
    const recent = this.#steps.filter((step) => now - step.at <= WINDOW_MILLIS);
    const first = recent[0];
    if (!first || now - first.at < 300) return 0;
    const bytes = recent.reduce((sum, step) => sum + step.bytes, 0);
    return (bytes / (now - first.at)) * 1000;
  }
}
