// A pnpm workspace in which the package is a workspace of its own, as in the platform's monorepo.

import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addonPackage, copyFixture, fixturePath, runIn, tarballOf } from '../support/fixtures';
import { type ServedTenants, serveTenants } from '../support/served-tenants';

const PNPM = join(dirname(require.resolve('pnpm')), 'bin/pnpm.cjs');
let folder: string;
let served: ServedTenants;
let env: Record<string, string>;

const pnpm = (...args: string[]) => runIn(folder, process.execPath, [PNPM, ...args], env);

beforeAll(async () => {
  served = await serveTenants(1);
  env = { ...served.env, TENANT: served.tenants[0] as string };
  folder = copyFixture('workspace');
  for (const [name, directory] of [
    ['@cgk-platform/integrations', 'integrations'],
    [addonPackage(), 'integrations-addon'],
  ] as const) {
    const target = join(folder, 'packages', directory);
    mkdirSync(target, { recursive: true });
    await runIn(target, 'tar', ['-xzf', tarballOf(name), '--strip-components=1']);
  }
  const shop = join(folder, 'apps/shop');
  cpSync(fixturePath('node/call-stripe.mjs'), join(shop, 'call-stripe.mjs'));
  cpSync(fixturePath('jest/tests/node.test.js'), join(shop, 'node.test.js'));
  await pnpm('install', '--no-frozen-lockfile');
}, 180_000);
afterAll(() => served.close());

test('an app calls Stripe with the tenant’s key', async () => {
  const output = await pnpm('--filter', 'shop', '--silent', 'start');
  expect(JSON.parse(output)).toMatchObject({ backend: 'native', customer: 'cus_1' });
});

test('the app’s Jest tests run', async () => {
  expect(await pnpm('--filter', 'shop', 'test')).toContain('Tests:       3 passed, 3 total');
});
