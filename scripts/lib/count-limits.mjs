// No change makes the work of a processor longer without anybody having decided so.

/** How much more than recorded is taken for a slower way of doing it; compilers and libraries differ by less. */
const GROWTH = 1.1;

/**
 * @param {Record<string, number>} counts of instructions, by what it is
 * @param {Record<string, number>} recorded
 * @returns {string[]} what is wrong with them
 */
export function judgeCounts(counts, recorded) {
  return Object.entries(counts).flatMap(([name, count]) => {
    const before = recorded[name];
    if (before === undefined) {
      return `${name}: no count is recorded; run "npm run counts -- --update"`;
    }
    if (count > before * GROWTH) {
      return `${name}: ${count} instructions are over 10 % more than the recorded ${before}; if they are worth it, run "npm run counts -- --update"`;
    }
    return [];
  });
}
