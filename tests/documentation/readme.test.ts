// What the README, and the pages that took over its tables, promise.

import * as vault from '@cgk-platform/integrations';
import { expect, test } from '@jest/globals';
import { anchorsOf, read } from './pages';

const README = read('README.md');
const MAX_README_BYTES = 6_000;

test('the README is one screen and begins with the installation', () => {
  expect(Buffer.byteLength(README)).toBeLessThanOrEqual(MAX_README_BYTES);
  const [, first = ''] = /```\w+.*?\n(.*?)```/s.exec(README) ?? [];
  expect(first.trim()).toBe('npm install @cgk-platform/integrations');
});

test('docs/api.md has every export', async () => {
  const anchors = await anchorsOf('docs/api.md');
  const missing = Object.keys(vault).filter((name) => !anchors.includes(name.toLowerCase()));
  expect(missing).toEqual([]);
});

test('every function that a page names is exported', () => {
  const pages = [
    'README.md',
    'docs/getting-started.md',
    'docs/services.md',
    'docs/verification.md',
  ];
  const prefix = /`((?:get|save|delete|has|verify|require|clear|update)(?:Tenant|All)\w+)`/g;
  const named = pages.flatMap((page) => [...read(page).matchAll(prefix)]);
  expect(named.length).toBeGreaterThan(50);
  expect(named.map(([, name = '']) => name).filter((name) => !(name in vault))).toEqual([]);
});

test('docs/services.md says what verification asks of each service', () => {
  const lines = read('docs/services.md').split('\n');
  for (const { id, endpoint, verification } of vault.SERVICE_CATALOG) {
    const row = lines.find((line) => line.includes(`| \`${id}\` `));
    expect(row).toContain(`\`${endpoint.replace('https://', '')}${verification.path}\``);
    expect(row).toContain(verification.permission);
  }
});
