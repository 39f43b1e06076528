import { expect, test } from '@jest/globals';
import type * as SizeLimits from '../../scripts/lib/size-limits.mjs';

const load = (): Promise<typeof SizeLimits> => import('../../scripts/lib/size-limits.mjs');
const MODULE = 'WebAssembly module, gzip';

test.each([
  ['as recorded', 100_000, 100_000, []],
  ['smaller', 50_000, 100_000, []],
  ['5 % bigger', 105_000, 100_000, []],
  ['over 5 % bigger', 105_001, 100_000, [expect.stringMatching(/105\.0 kB is over 5 % more/)]],
  ['at its limit', 221_000, 221_000, []],
  ['over its limit', 221_001, 221_001, [expect.stringMatching(/over the limit of 221\.0 kB/)]],
  ['not built', undefined, 100_000, [expect.stringMatching(/has not been built/)]],
])('%s', async (_name, size, recorded, problems) => {
  const { judgeSizes } = await load();
  expect(judgeSizes({ [MODULE]: size }, { [MODULE]: recorded })).toEqual(problems);
});

test('what has no recorded size is refused, with or without a limit', async () => {
  const { judgeSizes } = await load();
  expect(judgeSizes({ [MODULE]: 1, other: 1 }, {})).toHaveLength(2);
});
