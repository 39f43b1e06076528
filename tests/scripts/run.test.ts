import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

test('a script that fails says so in its exit status, with the exit hooks of its imports, too', () => {
  const script = `
    import { runMain } from './scripts/lib/run.mjs';
    await runMain(async () => {
      await import('./tests/kit/postgres.mjs');
      throw new Error('It failed');
    });`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: resolve(__dirname, '../..'), encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([1, '\n✗ It failed\n']);
});
