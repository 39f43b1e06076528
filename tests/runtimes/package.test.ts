// The tarball as tools that judge packages see it, and as compilers do.

import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { RESOLUTIONS, typeCheck } from '../kit/declarations';
import { installFixture, runIn, tarballOf } from '../kit/fixtures';

const MODULES = join(__dirname, '../../node_modules');
const TARBALL = () => tarballOf('@cgk-platform/integrations');

test('the declarations resolve for every way of importing (attw)', async () => {
  const attw = join(MODULES, '@arethetypeswrong/cli/dist/index.js');
  // The stand-ins for Turbopack are imported by no code.
  const standIns = ['external', 'external/native', 'external/wasm', 'external/routes'];
  const excluded = ['--exclude-entrypoints', 'admin.css', ...standIns];
  const args = [attw, TARBALL(), ...excluded, '--format', 'json'];
  const { analysis } = JSON.parse(await runIn(MODULES, process.execPath, args));
  expect(analysis.problems).toEqual([]);
  expect(Object.keys(analysis.entrypoints)).toEqual(
    expect.arrayContaining([
      '.',
      './native',
      './wasm',
      './routes',
      './admin',
      './next',
      './trigger',
    ]),
  );
});

test('the manifest says what is there (publint)', async () => {
  const publint = join(MODULES, 'publint/src/cli.js');
  const output = await runIn(MODULES, process.execPath, [publint, TARBALL(), '--strict']);
  expect(output).toContain('All good!');
});

test('what is published is what is meant to be', async () => {
  const files = (await runIn(MODULES, 'tar', ['-tzf', TARBALL()])).trim().split('\n');
  const kinds = new Set(files.map((file) => file.replace(/^package\/dist\/.*?(\.[\w.]+)$/, '$1')));
  expect(files).toContain('package/dist/vault.wasm');
  expect([...kinds].filter((kind) => kind.startsWith('package/')).sort()).toEqual([
    'package/CHANGELOG.md',
    'package/LICENSE',
    'package/README.md',
    'package/package.json',
  ]);
});

let folder: string;

beforeAll(async () => {
  folder = await installFixture('types');
}, 120_000);

test.each(RESOLUTIONS)('a program type-checks as %s', async (_name, file, options) => {
  expect(await typeCheck(folder, file, ['--skipLibCheck', ...options])).toBe('');
});
