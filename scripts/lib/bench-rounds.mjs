// How often the benchmark measures: with `-- --short` no more than shows that it runs.

const MOST_IN_SHORT = 2;

/**
 * @param {number} many
 * @returns {number} as many, or fewer
 */
export function rounds(many) {
  return process.argv.includes('--short') ? Math.min(many, MOST_IN_SHORT) : many;
}
