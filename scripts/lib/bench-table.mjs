// Measuring one thing on every side, and the table of what came out.

import { StallClock } from './stall-clock.mjs';

/** @typedef {{ median: number, stall?: number | undefined, times?: number[] | undefined }} Measurement in milliseconds, `times` by round */

/** @type {({ title: string } & Record<string, unknown>)[]} */
const rows = [];

/** Everything that was measured so far, for `--json`. */
export const measurements = () => rows;

/**
 * Measures one operation on every side, in turns, and prints a row.
 *
 * @template Side
 * @param {string} title
 * @param {[string, Side][]} sides
 * @param {number} rounds
 * @param {(side: Side, round: number) => Promise<unknown>} operation
 * @param {number} [calls] of the operation that a round is
 */
export async function measure(title, sides, rounds, operation, calls = 1) {
  const measured = sides.map(([, side]) => ({
    side,
    times: /** @type {number[]} */ ([]),
    clock: new StallClock(),
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { side, times, clock } of measured) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      clock.start();
      const start = performance.now();
      for (let call = 0; call < calls; call += 1) {
        await operation(side, round * calls + call);
      }
      times.push((performance.now() - start) / calls);
      clock.stop();
    }
  }
  const results = measured.map(({ times, clock }) => ({
    median: median([...times]),
    stall: clock.longest,
    times,
  }));
  printResults(title, results);
}

/**
 * Prints a row: each side's median, and how it compares with the first one's.
 *
 * @param {string} title
 * @param {Measurement[]} results
 */
export function printResults(title, results) {
  const sides = results.map(({ median, stall, times }) => ({
    median,
    ...ratios({ median, times }, results[0] ?? { median }),
    stall,
  }));
  rows.push({ title, sides });
  printRow([
    title,
    ...sides.flatMap(({ median, ratio, spread, stall }) => [
      format(median),
      `${rounded(ratio)}×${spread ? ` (${spread.map(rounded).join('–')})` : ''}`,
      stall === undefined ? '-' : format(stall),
    ]),
  ]);
}

/**
 * How much faster something is than the first side, and between what in the middle half of the rounds.
 *
 * @param {Measurement} own
 * @param {Measurement} reference
 * @returns {{ ratio: number, spread?: number[] }}
 */
function ratios(own, reference) {
  const ratio = reference.median / own.median;
  if (!own.times || own.times === reference.times) {
    return { ratio };
  }
  const byRound = own.times.map((time, round) => (reference.times?.[round] ?? 0) / time);
  byRound.sort((a, b) => a - b);
  const spread = [0.25, 0.75].map((part) => byRound[Math.floor(byRound.length * part)] ?? 0);
  return { ratio, spread };
}

/**
 * Prints what one tenant's calls take alone and beside another's.
 *
 * @param {string} title
 * @param {number[]} alone in milliseconds, call by call
 * @param {number[]} beside
 */
export function printShare(title, alone, beside) {
  const [quiet, busy] = [percentiles(alone), percentiles(beside)];
  const ratio = busy.p99 / quiet.p99;
  rows.push({ title, alone: quiet, beside: busy, ratio });
  const cells = [quiet, busy].map(({ p99, median }) => `${format(p99)} (${format(median)})`);
  console.log(
    `${title.padEnd(58)}${cells.map((cell) => cell.padStart(22)).join('')}${ratio.toFixed(1).padStart(7)}×`,
  );
}

/** @param {number[]} times */
function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.floor(sorted.length * part)] ?? 0;
  return { median: at(0.5), p99: at(0.99), longest: sorted.at(-1) ?? 0 };
}

/** @param {number} ratio */
function rounded(ratio) {
  return ratio.toFixed(ratio < 10 ? 1 : 0);
}

/** @param {number} milliseconds */
export function format(milliseconds) {
  return milliseconds < 0.1
    ? `${(milliseconds * 1000).toFixed(1)} µs`
    : `${milliseconds.toFixed(2)} ms`;
}

/** @param {string[]} cells */
export function printRow([title = '', ...cells]) {
  console.log(
    title.padEnd(46) + cells.map((cell) => cell.padStart(cell.includes('(') ? 18 : 11)).join(''),
  );
}

/** @param {number[]} values */
export function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
