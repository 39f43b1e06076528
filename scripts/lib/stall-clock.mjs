import { readFileSync } from 'node:fs';

const INTERVAL = 1;

/**
 * Measures how long the event loop was held at the most, in milliseconds: how late a timer came, but no more than
 * its thread ran in that time. The rest is time in which the thread waited for a core that something else had;
 * the scheduler counts that as well, but leaves waits out.
 * A timer and not a busy loop, which would take a core away from what is measured.
 */
export class StallClock {
  longest = 0;
  #last = 0;
  #ran = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  start() {
    this.#last = performance.now();
    this.#ran = timeOnCore();
    this.#timer = setInterval(() => this.#note(), INTERVAL);
  }

  stop() {
    this.#note();
    clearInterval(this.#timer);
  }

  #note() {
    const now = performance.now();
    const ran = timeOnCore();
    const held = Math.min(now - this.#last - INTERVAL, ran - this.#ran);
    this.longest = Math.max(this.longest, held);
    this.#last = now;
    this.#ran = ran;
  }
}

/** Milliseconds that the main thread ran, as Linux counts them; elsewhere those that passed. */
function timeOnCore() {
  // Brings the count of the calling thread up to now, which is what it was when the thread got its core.
  process.cpuUsage();
  try {
    const [ran] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(ran) / 1e6;
  } catch {
    return performance.now();
  }
}
