/** A failure of the engine as a JavaScript error. */

import type { Failure } from '../host/contract';

export class AppError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'AppError';
    this.failure = failure;
  }

  /** Whatever was thrown, as an AppError. Text from outside the engine becomes `internal`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (isFailure(thrown)) return new AppError(thrown);
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError({
      code: 'internal',
      message: 'The window met something it does not know.',
      retryable: false,
      details: [text],
    });
  }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
