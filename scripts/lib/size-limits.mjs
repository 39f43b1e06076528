// What users load may not become too big, nor grow without anybody having decided so.

const KB = 1_000;

/**
 * Bytes that each may have at most.
 *
 * @type {Record<string, number>}
 */
export const LIMITS = {
  'WebAssembly module, gzip': 221 * KB,
  'npm package, packed': 590 * KB,
  'native addon': 5_000 * KB,
};

/** How much more than recorded is taken for an accident. */
const GROWTH = 1.05;

/**
 * @param {Record<string, number | undefined>} sizes in bytes, by what it is; `undefined` if missing
 * @param {Record<string, number>} recorded
 * @returns {string[]} what is wrong with them
 */
export function judgeSizes(sizes, recorded) {
  return Object.entries(sizes).flatMap(([name, size]) => {
    const limit = LIMITS[name] ?? Number.POSITIVE_INFINITY;
    const before = recorded[name];
    if (size === undefined) {
      return `${name}: it has not been built`;
    }
    if (size > limit) {
      return `${name}: ${kilobytes(size)} is over the limit of ${kilobytes(limit)}`;
    }
    if (before === undefined) {
      return `${name}: no size is recorded; run "npm run size -- --update"`;
    }
    if (size > before * GROWTH) {
      return `${name}: ${kilobytes(size)} is over 5 % more than the recorded ${kilobytes(before)}; if it is worth it, run "npm run size -- --update"`;
    }
    return [];
  });
}

/** @param {number} bytes */
export function kilobytes(bytes) {
  return `${(bytes / KB).toFixed(1)} kB`;
}
