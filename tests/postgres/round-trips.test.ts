// How many statements a call runs, each of them a round trip.

import {
  createIntegrations,
  type Integrations,
  type Layout,
} from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newDatabase, newSlug } from '../kit/database';

describe.each<Layout>(['schema', 'shared'])('in the layout %s', (layout) => {
  const tenant = newSlug();
  let pool: pg.Pool;
  let vault: Integrations;
  let ran = 0;

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await newDatabase(`trips_${newSlug()}`) });
    vault = createIntegrations({
      encryptionKey: 'ab'.repeat(32),
      layout,
      driver: {
        query: (sql, params) => {
          ran += 1;
          return pool.query(sql, params);
        },
      },
    });
    await vault.createTenant(tenant);
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  });
  afterAll(() => pool.end());

  test.each<[string, number, () => Promise<unknown>]>([
    ['a read', 1, () => vault.getTenantStripeConfig(tenant)],
    ['a read of a secret', 1, () => vault.getTenantStripeSecretKey(tenant)],
    ['the statuses of all services', 1, () => vault.getTenantCredentialStatuses(tenant)],
    ['a save', 2, () => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' })],
    ['a disconnection', 1, () => vault.deleteTenantStripeConfig(tenant)],
  ])('%s: %i', async (_, count, call) => {
    ran = 0;
    await call();
    expect(ran).toBe(count);
  });
});
