import { expect, test } from '@jest/globals';
import type * as CountLimits from '../../scripts/lib/count-limits.mjs';

const load = (): Promise<typeof CountLimits> => import('../../scripts/lib/count-limits.mjs');

test.each([
  ['as recorded', 1000, { read: 1000 }, []],
  ['fewer', 10, { read: 1000 }, []],
  ['10 % more', 1100, { read: 1000 }, []],
  ['over 10 % more', 1101, { read: 1000 }, [expect.stringMatching(/1101 .* more than .* 1000/)]],
  ['not recorded', 1, {}, [expect.stringMatching(/no count is recorded/)]],
])('%s', async (_name, count, recorded, problems) => {
  const { judgeCounts } = await load();
  expect(judgeCounts({ read: count }, recorded)).toEqual(problems);
});
