// One tenant does not starve the others: what is asserted is who comes first, not how long it takes.

import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug } from '../kit/database';
import { legacyEncrypt } from '../kit/legacy-cipher.cjs';

const encryptionKey = 'shares-tests-master-key-0123456789abcdef';
let vault: Integrations;
let busy: string;
let quiet: string;

beforeEach(async () => {
  [busy, quiet] = [newSlug(), newSlug()];
  vault = createIntegrations({ databaseUrl: databaseUrl(), encryptionKey });
  await Promise.all([busy, quiet].map((tenant) => vault.createTenant(tenant)));
});

afterEach(() => vault.close());

const save = (tenant: string) =>
  vault.saveTenantResendConfig(tenant, { apiKey: 're_fair_shares_0123456789' });

test('writes of a tenant that wait on a locked row leave connections to the reads of others', async () => {
  await save(busy);
  await save(quiet);
  const locker = new pg.Client({ connectionString: databaseUrl() });
  await locker.connect();
  try {
    await locker.query('begin');
    await locker.query(`select from tenant_${busy}.tenant_resend_config for update`);
    let written = 0;
    const writes = Array.from({ length: 12 }, () => save(busy).then(() => (written += 1)));
    // More than there are connections besides the locked ones.
    for (let round = 0; round < 5; round += 1) {
      const reads = Array.from({ length: 4 }, () => vault.getTenantResendApiKey(quiet));
      expect(new Set(await Promise.all(reads))).toEqual(new Set(['re_fair_shares_0123456789']));
    }
    expect(written).toBe(0);
    await locker.query('commit');
    await Promise.all(writes);
    expect(written).toBe(12);
  } finally {
    await locker.end();
  }
});

test('keys of a tenant that saves much are derived in turns with those of another', async () => {
  const { rows } = await tokensOf(quiet);
  expect(rows).toEqual([{ count: '1' }]);
  let saved = 0;
  const saves = Array.from({ length: 200 }, () => save(busy).then(() => (saved += 1)));
  expect(await vault.getTenantWiseApiKey(quiet)).toBe('wise-key-of-somebody');
  expect(saved).toBeLessThan(150);
  await save(quiet);
  expect(saved).toBeLessThan(200);
  await Promise.all(saves);
});

/** Stores a token that nobody has read yet. */
async function tokensOf(tenant: string) {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(
      `insert into tenant_${tenant}.tenant_wise_config (tenant_id, api_key_encrypted) values ($1, $2)`,
      [tenant, legacyEncrypt('wise-key-of-somebody', encryptionKey)],
    );
    return await client.query(`select count(*) from tenant_${tenant}.tenant_wise_config`);
  } finally {
    await client.end();
  }
}
