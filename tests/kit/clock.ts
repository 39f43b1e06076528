import { jest } from '@jest/globals';

const realNow = Date.now;

/** A clock that tests move on; `Date.now` is what scheduled work goes by. */
export class Clock {
  private offsetMs = 0;

  constructor() {
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + this.offsetMs);
  }

  advance(milliseconds: number): void {
    this.offsetMs += milliseconds;
  }

  stop(): void {
    jest.restoreAllMocks();
  }
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
