// Tables that tenants share, partitioned by the block of docs/scaling.md.

import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newDatabase, newSlug, sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import type * as Partitions from '../kit/partitions.mjs';
import { TABLES } from '../kit/tables';

const PARTITIONS = 4;

let url: string;
let shared: vault.Integrations;
let schemas: vault.Integrations;
const tenants = Array.from({ length: 12 }, newSlug);
let before: unknown;

/** Tenants with credentials, sealed events and states before the tables are partitioned. */
beforeAll(async () => {
  const { partitioningSql } = (await import('../kit/partitions.mjs')) as typeof Partitions;
  url = await newDatabase(`partitions_${newSlug()}`);
  const options = { encryptionKey: 'ab'.repeat(32), databaseUrl: url, events: true };
  shared = vault.createIntegrations({ ...options, layout: 'shared' });
  schemas = vault.createIntegrations(options);
  for (const tenant of tenants) {
    await shared.createTenant(tenant);
    await save(shared, tenant);
    await shared.sealTenantCredentialEvents(tenant);
    await shared.deliverCredentialEvents({
      tenants: [tenant],
      sinks: [{ name: 'test', deliver: () => {} }],
    });
  }
  before = await allRows();
  await run(partitioningSql({ partitions: PARTITIONS }));
  expect((await shared.diagnoseTenants()).shared).toMatchObject([
    { problem: 'missing', names: expect.arrayContaining(['tenant_wise_config (foreign key)']) },
  ]);
  expect((await shared.migrateTenants()).migrated).toEqual([...tenants].sort());
});
afterAll(() => Promise.all([shared.close(), schemas.close()]));

const run = (text: string, params: unknown[] = []) => sql(text, params, url);

async function save(instance: vault.Integrations, tenant: string): Promise<void> {
  for (const { id } of vault.SERVICE_CATALOG) {
    await instance.saveTenantCredential(tenant, id, inputFor(id) as never);
  }
}

async function allRows(): Promise<unknown> {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES) {
    const found = await run(
      `select to_jsonb(t) as row from vault.${table} as t order by to_jsonb(t)::text`,
    );
    rows[table] = found.rows.map(({ row }) => row);
  }
  return rows;
}

test('every row is there as it was, in a partition, and nothing is wrong with the tables', async () => {
  expect(await allRows()).toEqual(before);
  const { rows } = await run(
    `select c.relname as name, c.relkind as kind, (select count(*)::int from pg_inherits where inhparent = c.oid) as partitions
     from pg_class as c where c.relnamespace = 'vault'::regnamespace and not c.relispartition and c.relkind in ('r', 'p')`,
  );
  const expected = TABLES.map((name) => ({ name, kind: 'p', partitions: PARTITIONS }));
  expect(rows).toHaveLength(expected.length + 1);
  expect(rows).toEqual(expect.arrayContaining(expected));
  expect(await shared.diagnoseTenants()).toMatchObject({
    healthy: [...tenants].sort(),
    diagnoses: [],
    shared: [],
  });
  expect(await shared.migrateTenants()).toMatchObject({ migrated: [] });
  const used = await run(
    'select count(distinct tableoid)::int as used from vault.tenant_stripe_config',
  );
  expect(used.rows[0]?.used).toBeGreaterThan(1);
});

test('the chain of events and their numbers go on', async () => {
  const [tenant = ''] = tenants;
  const highest = await run('select max(seq) as seq from vault.tenant_credential_events');
  await shared.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_later' });
  const [newest] = await shared.listTenantCredentialEvents(tenant, { limit: 1 });
  expect(newest).toMatchObject({ event: 'credential.saved', service: 'stripe' });
  const { rows } = await run(
    'select max(seq) as seq from vault.tenant_credential_events where tenant_id = $1',
    [tenant],
  );
  expect(BigInt(rows[0]?.seq)).toBeGreaterThan(BigInt(highest.rows[0]?.seq));
  await shared.sealTenantCredentialEvents(tenant);
  expect(await shared.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
});

test('a row of a tenant that is not known, and a second one of a service, are refused by the tables', async () => {
  const insert = (tenant: string) =>
    run(
      `insert into vault.tenant_stripe_config (tenant_id, secret_key_encrypted) values ($1, 'x')`,
      [tenant],
    );
  await expect(insert(newSlug())).rejects.toMatchObject({ code: '23503' });
  await expect(insert(tenants[0] ?? '')).rejects.toMatchObject({ code: '23505' });
});

test('a statement about a tenant looks into one partition of each table', async () => {
  const { rows } = await run(
    'explain (format json) select 1 from vault.tenant_stripe_config as t where t.tenant_id = $1::text',
    [tenants[0]],
  );
  const plan = JSON.stringify(rows[0]['QUERY PLAN']);
  expect(plan.match(/tenant_stripe_config_\d+(?=")/g)).toHaveLength(1);
});

test('a tenant moves out of the partitions and into them with every row as it was', async () => {
  const [, tenant = ''] = tenants;
  const rows = await allRows();
  expect(await shared.moveTenants({ to: 'schema', tenants: [tenant] })).toMatchObject({
    moved: [tenant],
  });
  expect(await schemas.getTenantStripeSecretKey(tenant)).toBe(
    (inputFor('stripe') as { secretKey: string }).secretKey,
  );
  expect(await shared.diagnoseTenants({ tenants: [tenant] })).toMatchObject({
    diagnoses: [{ problems: [{ problem: 'other_layout' }] }],
  });
  expect(await shared.moveTenants({ to: 'shared', tenants: [tenant] })).toMatchObject({
    moved: [tenant],
  });
  expect(await allRows()).toEqual(rows);
  expect(await shared.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
});

test('a column that a later version adds comes to every partition', async () => {
  await run('alter table vault.tenant_wise_config drop column failing_since');
  expect((await shared.migrateTenants()).migrated).toEqual([...tenants].sort());
  expect((await shared.diagnoseTenants()).shared).toEqual([]);
});
