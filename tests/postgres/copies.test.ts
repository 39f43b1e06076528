// Several copies of the package in one process, as hot reloads, bundlers and Jest's module registries
// make them.

import * as vault from '@cgk-platform/integrations';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { until } from '../kit/until';

const encryptionKey = 'copies-master-key-0123456789abcdef01';
const tenant = newSlug();
const application = `copies_${tenant}`;

beforeAll(async () => {
  const url = new URL(databaseUrl());
  url.searchParams.set('application_name', application);
  vault.configureIntegrations({ databaseUrl: url.href, encryptionKey });
  await vault.createTenant(tenant);
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
});
afterAll(() => vault.closeIntegrations());

/** Loads the package again. */
function copy(prepare = () => {}): typeof vault {
  let loaded: typeof vault | undefined;
  jest.isolateModules(() => {
    prepare();
    loaded = require('@cgk-platform/integrations');
  });
  return loaded as typeof vault;
}

test('copies are configured together and have one pool', async () => {
  const copies = Array.from({ length: 5 }, () => copy());
  for (const one of copies) {
    expect(one).not.toBe(vault);
    expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  }
  expect(await connections(application)).toBe(1);
});

test('a save in one copy reaches the clients of another', async () => {
  const other = copy();
  const client = await vault.requireTenantStripeClient(tenant);
  expect(await vault.requireTenantStripeClient(tenant)).toBe(client);
  await other.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' });
  expect(await vault.requireTenantStripeClient(tenant)).not.toBe(client);
  const renewed = await vault.requireTenantStripeClient(tenant);
  other.clearTenantStripeClientCache(tenant);
  expect(await vault.requireTenantStripeClient(tenant)).not.toBe(renewed);
});

test('a copy has clients of the SDK that it sees, which a test may have replaced', async () => {
  class Double {}
  const real = await vault.requireTenantStripeClient(tenant);
  const other = copy(() => jest.doMock('stripe', () => ({ __esModule: true, default: Double })));
  expect(await other.requireTenantStripeClient(tenant)).toBeInstanceOf(Double);
  expect(await vault.requireTenantStripeClient(tenant)).toBe(real);
});

test('an error of one copy is known to another', async () => {
  const error = await copy()
    .decryptToken('x', encryptionKey)
    .catch((thrown: unknown) => thrown);
  expect(vault.isIntegrationError(error)).toBe(true);
});

test('instances of equal options have each a pool of their own, which closes alone', async () => {
  const url = new URL(databaseUrl());
  const name = `instances_${tenant}`;
  url.searchParams.set('application_name', name);
  const options = { databaseUrl: url.href, encryptionKey };
  const [one, other] = [vault.createIntegrations(options), vault.createIntegrations(options)];
  await Promise.all([one, other].map((instance) => instance.getTenantStripeConfig(tenant)));
  expect(await connections(name)).toBe(2);
  await one.close();
  await until(async () => (await connections(name)) === 1);
  await other.close();
  await until(async () => (await connections(name)) === 0);
});

/** The connections that the server has under a name. */
async function connections(name: string): Promise<number> {
  const { rows } = await sql(
    `select count(*)::int as n from pg_stat_activity where application_name = '${name}'`,
  );
  return rows[0].n;
}
