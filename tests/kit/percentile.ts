/** The value that so many of a hundred are not above, rounded. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const index = Math.ceil((percent / 100) * sorted.length) - 1;
  return Math.round(sorted[Math.max(0, index)] ?? Number.NaN);
}
