// What a command that works on many tenants shows in the meantime, all of it on stderr.

import type { FleetProgress } from '../storage/fleet.js';

const LINE_EVERY_MS = 60_000;

let saidWaiting = false;

/** What a command hands to work on many tenants. */
interface Shown {
  signal: AbortSignal;
  onProgress: (progress: FleetProgress & { values?: number }) => void;
  onWaiting: () => void;
}

/** Runs work that SIGINT stops, and shows how far it is. */
export async function withProgress<T>(work: (shown: Shown) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const progress = showProgress();
  try {
    return await work({
      signal: controller.signal,
      onProgress: progress.show,
      onWaiting: sayWaiting,
    });
  } finally {
    progress.end();
    process.removeListener('SIGINT', stop);
  }
}

/** Says once that the database is waited for. */
function sayWaiting(): void {
  if (!saidWaiting) {
    saidWaiting = true;
    console.error('The database is not available: waiting for it.');
  }
}

/** A line that is written over on a terminal; elsewhere one line a minute. */
function showProgress(): { show: Shown['onProgress']; end: () => void } {
  const startedAt = Date.now();
  const { isTTY } = process.stderr;
  let shownAt = startedAt;
  let isOpen = false;
  return {
    show: ({ done, tenants, values }) => {
      const seconds = Math.max((Date.now() - startedAt) / 1000, 0.001);
      const remaining = Math.round(((tenants - done) * seconds) / done);
      const [count, what] = values === undefined ? [done, 'tenants'] : [values, 'values'];
      const rate = Math.round(count / seconds);
      const line = `[${done}/${tenants}] ${count} ${what}, ${rate} a second, ${remaining} s left`;
      if (isTTY) {
        process.stderr.write(`\r\u001b[K${line}`);
        isOpen = true;
      } else if (Date.now() - shownAt >= LINE_EVERY_MS) {
        console.error(line);
        shownAt = Date.now();
      }
    },
    end: () => {
      if (isOpen) {
        process.stderr.write('\n');
        isOpen = false;
      }
    },
  };
}
