const INTERVAL = 1;

/**
 * Measures how long the event loop stood still at the most, in milliseconds: how late a timer came.
 * A timer and not a busy loop, which would take a core away from what is measured.
 */
export class StallClock {
  longest = 0;
  #last = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  start() {
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#note(), INTERVAL);
  }

  stop() {
    this.#note();
    clearInterval(this.#timer);
  }

  #note() {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.#last - INTERVAL);
    this.#last = now;
  }
}
