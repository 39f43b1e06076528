// Projects that have installed none of the vendors' SDKs and compile without `skipLibCheck`: every
// declaration of the package is checked, and an import of a package that is not there would fail.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { installFixture, runScript } from '../support/fixtures';

let folder: string;

beforeAll(async () => {
  folder = await installFixture('types-without-sdks');
}, 120_000);

test.each([
  ['an ES module for Node', 'module.mts', ['--module', 'node16']],
  ['CommonJS for Node', 'common.cts', ['--module', 'node16']],
  ['a bundler', 'bundler.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['classic resolution', 'classic.ts', ['--module', 'commonjs', '--moduleResolution', 'node10']],
])('the declarations need no SDK in %s', async (_name, file, options) => {
  cpSync(join(folder, 'program.ts'), join(folder, file));
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--esModuleInterop'];
  const rest = ['--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node', file];
  expect(await runScript(folder, 'typescript/bin/tsc', [...strict, ...options, ...rest])).toBe('');
});
