// What docs/migrating.md and docs/sdks.md say is what is there.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { installable } from '../../npm/integrations/src/clients/sdk-versions';

const read = (path: string) => readFileSync(resolve(__dirname, '../..', path), 'utf8');
const MANIFEST = JSON.parse(read('npm/integrations/package.json'));

test('every row of the table of differences names a test that exists', () => {
  const rows = read('docs/migrating.md').match(/^\| .* \| .* \| `tests\/.*\|$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(30);
  const missing = rows.filter((row) => {
    const [, file = '', name = ''] = /`(tests\/[^`]+)` › (.*?) *\|$/.exec(row) ?? [];
    return name === '' || !read(file).includes(name);
  });
  expect(missing).toEqual([]);
});

test('the commands and settings are those of the fixtures', () => {
  const guide = read('docs/migrating.md');
  const indented = (text: string) => text.trim().replace(/^(?=.)/gm, '   ');
  expect(guide).toContain(indented(read('tests/fixtures/next/next.config.mjs')));
  const platform = 'tests/fixtures/platform';
  expect(guide).toContain(
    indented(read(`${platform}/packages/integrations/src/tenant-credentials/index.ts`)),
  );
  const { dependencies } = JSON.parse(read(`${platform}/apps/web/package.json`));
  const alias = '@cgk-platform/tenant-credentials';
  expect(guide).toContain(`"${alias}": "${dependencies[alias]}"`);
  expect(read('tests/fixtures/workspace/pnpm-workspace.yaml')).toContain('autoInstallPeers: false');
});

test('the ranges and versions of SDKs are those of the package', () => {
  const rows = [
    ...read('docs/sdks.md').matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\| (\S+) +\| (\S+)/gm),
  ];
  const told = rows.map(([, name = '', range = '', onNode20, onNode22]) => [
    name,
    range.replaceAll('\\', ''),
    `${name}@${process.versions.node.startsWith('20.') ? onNode20 : onNode22}`,
  ]);
  const others = /^(react|@electric-sql|@neondatabase)/;
  const names = Object.keys(MANIFEST.peerDependencies).filter((name) => !others.test(name));
  const actual = names.map((name) => [name, MANIFEST.peerDependencies[name], installable(name)]);
  expect(told.sort()).toEqual(actual.sort());
});

test('a range ^1.1.0 takes the version', () => {
  expect(MANIFEST.version).toMatch(/^1\.([1-9]|\d\d+)\.\d+$/);
});
