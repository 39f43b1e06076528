// What docs/migrating.md and docs/services.md say is what is there.

import { expect, test } from '@jest/globals';
import { installable } from '../../npm/integrations/src/clients/sdk-versions';
import { read } from './pages';

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

test('the ranges and settings are those of the fixtures', () => {
  const guide = read('docs/migrating.md');
  const { dependencies } = JSON.parse(read('tests/fixtures/platform/apps/web/package.json'));
  const alias = '@cgk-platform/tenant-credentials';
  expect(guide).toContain(`"${alias}": "${dependencies[alias]}"`);
  expect(read('tests/fixtures/workspace/pnpm-workspace.yaml')).toContain('autoInstallPeers: false');
});

test('docs/services.md has the ranges of the package', () => {
  const page = read('docs/services.md');
  const others = /^(pg|react|@electric-sql|@neondatabase)/;
  const ranges = Object.entries<string>(MANIFEST.peerDependencies)
    .filter(([name]) => !others.test(name))
    .map(([name, range]) => `\`${name}\` \`${range.replaceAll('|', '\\|')}\``);
  expect(ranges.filter((range) => !page.includes(range))).toEqual([]);
});

test('docs/services.md says where another version of an SDK is installed on Node 20', () => {
  expect(installable('openai')).toBe(
    process.versions.node.startsWith('20.') ? 'openai@6' : 'openai@7',
  );
});

test('a range ^1.1.0 takes the version', () => {
  expect(MANIFEST.version).toMatch(/^1\.([1-9]|\d\d+)\.\d+$/);
});
