// Other people's test suites, in their own projects: the test runners start inside them.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fixturePath, installFixture, runScript } from '../kit/fixtures';
import { type ServedTenants, secretOf, serveTenants } from '../kit/served-tenants';

let served: ServedTenants;
let env: Record<string, string>;

beforeAll(async () => {
  served = await serveTenants(1);
  const [tenant = ''] = served.tenants;
  env = { ...served.env, TENANT: tenant, SECRET: secretOf(tenant) };
});
afterAll(() => served.close());

test('Jest in CommonJS, on Node and on the edge runtime', async () => {
  const folder = await installFixture('jest');
  const output = await runScript(folder, 'jest/bin/jest.js', [], env);
  expect(output).toContain('PASS tests/node.test.js');
  expect(output).toContain('PASS tests/edge.test.js');
  expect(output).toContain('PASS tests/testing.test.js');
  expect(output).toContain('Tests:       5 passed, 5 total');
}, 180_000);

test('Jest in ES modules, on Node and on the edge runtime', async () => {
  const folder = await installFixture('jest-esm');
  const options = { ...env, NODE_OPTIONS: '--experimental-vm-modules' };
  const output = await runScript(folder, 'jest/bin/jest.js', [], options);
  expect(output).toContain('PASS node tests/node.test.js');
  expect(output).toContain('PASS edge tests/edge.test.js');
  expect(output).toContain('PASS node tests/testing.test.js');
}, 180_000);

test('Vitest, on Node and on the edge runtime', async () => {
  const folder = await installFixture('vitest');
  cpSync(fixturePath('jest-esm/tests'), join(folder, 'tests'), { recursive: true });
  const output = await runScript(folder, 'vitest/vitest.mjs', ['run', '--no-color'], env);
  expect(output).toMatch(/✓.*node.*tests\/node\.test\.js/);
  expect(output).toMatch(/✓.*edge.*tests\/edge\.test\.js/);
  expect(output).toMatch(/✓.*node.*tests\/testing\.test\.js/);
  expect(output).toMatch(/Tests +3 passed/);
}, 180_000);
