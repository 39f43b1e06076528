// Projects that have installed none of the vendors' SDKs and compile without `skipLibCheck`: every
// declaration of the package is checked, and an import of a package that is not there would fail.

import { beforeAll, expect, test } from '@jest/globals';
import { RESOLUTIONS, typeCheck } from '../kit/declarations';
import { installFixture } from '../kit/fixtures';

let folder: string;

beforeAll(async () => {
  folder = await installFixture('types-without-sdks');
}, 120_000);

test.each(RESOLUTIONS)('the declarations need no SDK in %s', async (_name, file, options) => {
  const checked = await typeCheck(folder, file, ['--skipLibCheck', 'false', ...options]);
  expect(checked).toBe('');
});
