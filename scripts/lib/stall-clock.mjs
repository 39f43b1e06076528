import { readFileSync } from 'node:fs';

const INTERVAL = 1;

/**
 * Measures how long the event loop was held at the most, in milliseconds: how late a timer came, but for the
 * time in which its thread waited for a core that something else had.
 * A timer and not a busy loop, which would take a core away from what is measured.
 */
export class StallClock {
  longest = 0;
  #last = 0;
  #waited = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  start() {
    this.#last = performance.now();
    this.#waited = waitedForCore();
    this.#timer = setInterval(() => this.#note(), INTERVAL);
  }

  stop() {
    this.#note();
    clearInterval(this.#timer);
  }

  #note() {
    const now = performance.now();
    const waited = waitedForCore();
    const held = now - this.#last - INTERVAL - (waited - this.#waited);
    this.longest = Math.max(this.longest, held);
    this.#last = now;
    this.#waited = waited;
  }
}

/** Milliseconds in which the main thread could run and did not, as Linux counts them; 0 elsewhere. */
function waitedForCore() {
  try {
    const [, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
