import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as vault from '@cgk-platform/integrations';
import { expect, test } from '@jest/globals';
import { databaseUrl, sql } from '../kit/database';

const README = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');

test('the worked example runs', async () => {
  const example = /```js\n(.*?)```/s.exec(README)?.[1] ?? '';
  const database = 'readme_example';
  await sql(`create database ${database}`);
  const url = new URL(databaseUrl());
  url.pathname = `/${database}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', example],
    {
      cwd: resolve(__dirname, '..'),
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        POSTGRES_URL: url.href,
        INTEGRATION_ENCRYPTION_KEY: vault.generateEncryptionKey(),
      },
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^sk_test_123\n/);
  expect(stdout).toContain("service: 'stripe'");
});

test('what the README tells to write is what the fixtures have written', () => {
  const fixture = (path: string) => readFileSync(resolve(__dirname, '../fixtures', path), 'utf8');
  const blocks = [...README.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block as string);
  const block = (text: string) => blocks.find((found) => found.includes(text));
  expect(block('withIntegrations')).toContain(fixture('next/next.config.mjs'));
  expect(block('startTestVault')).toBe(fixture('jest/tests/testing.test.js'));
  const worker = fixture('worker/src/index.js');
  for (const line of block('cloudflare:workers')?.split('\n') ?? ['nothing']) {
    expect(worker).toContain(line);
  }
  const { projects } = JSON.parse(fixture('jest-esm/package.json')).jest;
  for (const [name, path] of Object.entries(projects[1].moduleNameMapper)) {
    expect(README).toContain(`'${name}': '${path}'`);
  }
});

test('every test file that the README names is there', () => {
  const named = [...README.matchAll(/`(tests\/[\w/.-]+)`/g)].map(([, path]) => path as string);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(resolve(__dirname, '../..', path)))).toEqual([]);
});

test('the README names every exported function', () => {
  const functions = Object.entries(vault).filter(([, value]) => typeof value === 'function');
  // Three configurations share one line of the table.
  const combined = /^(get|save|delete)Tenant(Stripe|Resend|Wise)Config$/;
  const missing = functions
    .map(([name]) => name)
    .filter((name) => !combined.test(name) && !README.includes(`\`${name}`));
  expect(missing).toEqual([]);
});

test('the README tells what verification asks of each service', () => {
  for (const { id, displayName, endpoint, verification } of vault.SERVICE_CATALOG) {
    const row = README.split('\n').find((line) => line.startsWith(`| ${displayName} (\`${id}\`)`));
    const host = endpoint.replace('https://', '').replace('{metadata.accountId}.', '…');
    expect(row).toContain(`\`${host}${verification.path}\``);
    expect(row).toContain(verification.permission);
  }
});
