// Measuring one thing on every side, and the table of what came out.

import { StallClock } from './stall-clock.mjs';

/** @typedef {{ median: number, stall?: number }} Measurement in milliseconds */

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
    median: median(times),
    stall: clock.longest,
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
  const reference = results[0]?.median ?? 0;
  printRow([
    title,
    ...results.flatMap(({ median, stall }) => [
      format(median),
      `${(reference / median).toFixed(1)}×`,
      stall === undefined ? '-' : format(stall),
    ]),
  ]);
}

/** @param {number} milliseconds */
export function format(milliseconds) {
  return milliseconds < 0.1
    ? `${(milliseconds * 1000).toFixed(1)} µs`
    : `${milliseconds.toFixed(2)} ms`;
}

/** @param {string[]} cells */
export function printRow([title = '', ...cells]) {
  console.log(title.padEnd(46) + cells.map((cell) => cell.padStart(11)).join(''));
}

/** @param {number[]} values */
export function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
