import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import type * as EnvFile from '../../scripts/lib/env-file.mjs';
import { temporaryFolder } from '../kit/temporary.cjs';

const load = (): Promise<typeof EnvFile> => import('../../scripts/lib/env-file.mjs');
const modeOf = (path: string): number => statSync(path).mode & 0o777;

let file: string;
beforeEach(() => {
  file = join(temporaryFolder('env-file'), '.env.local');
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

test('the file of the keys is for its owner only', async () => {
  const { localKeys } = await load();
  const keys = localKeys(file);
  expect(keys.INTEGRATION_ENCRYPTION_KEY).toHaveLength(44);
  expect(modeOf(file)).toBe(0o600);
  expect(localKeys(file)).toEqual(keys);
});

test.each([
  ['some keys are missing', 'INTEGRATION_ENCRYPTION_KEY=a-key-that-was-there-0123456789abcdef'],
  ['nothing is missing', undefined],
])('one that others can read is closed to them, where %s', async (_, content) => {
  const { localKeys } = await load();
  if (content === undefined) {
    localKeys(file);
  } else {
    writeFileSync(file, content);
  }
  chmodSync(file, 0o664);
  const keys = localKeys(file);
  expect(modeOf(file)).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(`ADMIN_SESSION_SECRET=${keys.ADMIN_SESSION_SECRET}`);
});
