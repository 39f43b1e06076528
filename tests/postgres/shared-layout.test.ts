// Tables that tenants share, beyond what the contract suite sees of them.

import * as vault from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';

const KEY = 'ab'.repeat(32);
const CREDENTIALS = [
  'tenant_stripe_config',
  'tenant_resend_config',
  'tenant_wise_config',
  'tenant_api_credentials',
];

let url: string;
let shared: vault.Integrations;
let schemas: vault.Integrations;
let tenant: string;

function instance(options: vault.IntegrationsOptions, databaseUrl = url): vault.Integrations {
  return vault.createIntegrations({ encryptionKey: KEY, databaseUrl, ...options });
}

beforeAll(async () => {
  url = await newDatabase(`shared_${newSlug()}`);
  shared = instance({ layout: 'shared', events: true });
  schemas = instance({ events: true });
});
beforeEach(async () => {
  tenant = newSlug();
});
afterAll(() => Promise.all([shared.close(), schemas.close()]));

const run = (text: string, params: unknown[] = []) => sql(text, params, url);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.code,
  );

test('the first tenants, created at once by several processes, share one schema', async () => {
  const own = await newDatabase(`first_${newSlug()}`);
  const instances = Array.from({ length: 4 }, () => instance({ layout: 'shared' }, own));
  await Promise.all(instances.map((each, n) => each.createTenant(`acme_${n}`)));
  expect(await instances[0]?.listTenants()).toEqual(['acme_0', 'acme_1', 'acme_2', 'acme_3']);
  await Promise.all(instances.map((each) => each.close()));
});

test('both layouts have the same columns, with the same types and defaults', async () => {
  const [own, other] = [newSlug(), newSlug()];
  await Promise.all([shared.createTenant(own), schemas.createTenant(other)]);
  const columnsOf = async (schema: string) => {
    const { rows } = await run(
      `select table_name, column_name, data_type, is_nullable, column_default, is_identity
       from information_schema.columns
       where table_schema = $1 and table_name not in ('tenants', 'schema_migrations')
       order by table_name, column_name`,
      [schema],
    );
    return rows;
  };
  const columns = await columnsOf('vault');
  expect(columns.length).toBeGreaterThan(60);
  expect(columns).toEqual(await columnsOf(`tenant_${other}`));
});

test('every key and index begins with the tenant, and no trigger is on the tables', async () => {
  await shared.createTenant(tenant);
  const indexes = await run(
    `select c.relname as name, a.attname as first
     from pg_index as i join pg_class as c on c.oid = i.indrelid
     join pg_attribute as a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where c.relnamespace = 'vault'::regnamespace`,
  );
  expect(new Set(indexes.rows.map(({ name }) => name)).size).toBe(7);
  expect(new Set(indexes.rows.map(({ first }) => first))).toEqual(new Set(['tenant_id']));
  const triggers = await run(
    `select from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
     where c.relnamespace = 'vault'::regnamespace and not t.tgisinternal`,
  );
  expect(triggers.rowCount).toBe(0);
});

test('a tenant is created by one insert once the tables are there', async () => {
  await shared.createTenant(newSlug());
  const pool = new pg.Pool({ connectionString: url });
  const ran: string[] = [];
  const driven = wasm.createIntegrations({
    encryptionKey: KEY,
    layout: 'shared',
    driver: {
      query: (text, params) => {
        ran.push(text);
        return pool.query(text, params);
      },
    },
  });
  await driven.createTenant(tenant);
  expect(ran).toEqual([expect.stringMatching(/^insert into "vault"\.tenants/)]);
  expect(await shared.listTenants()).toContain(tenant);
  await pool.end();
});

test('events are numbered by one sequence, and each tenant has a chain of its own', async () => {
  const tenants = [newSlug(), newSlug()] as const;
  await Promise.all(tenants.map((slug) => shared.createTenant(slug)));
  for (const slug of [...tenants, ...tenants]) {
    await shared.saveTenantStripeConfig(slug, { secretKey: 'sk_test_1' });
  }
  await Promise.all(tenants.map((slug) => shared.sealTenantCredentialEvents(slug)));
  const { rows } = await run(
    `select tenant_id, position::int from vault.tenant_credential_events
     where tenant_id = any ($1) order by seq`,
    [tenants],
  );
  const [one, other] = tenants;
  expect(rows.map(({ tenant_id }) => tenant_id)).toEqual([one, other, one, other]);
  const [first, , second] = rows.map(({ position }) => position);
  expect(second).toBe(first + 1);
  expect(rows.map(({ position }) => position)).toEqual([first, first, second, second]);
});

test('a tenant that nobody created is not found, by whatever call', async () => {
  await shared.createTenant(newSlug());
  const calls = [
    shared.getTenantStripeConfig(tenant),
    shared.getTenantStripeSecretKey(tenant),
    shared.getAllTenantApiCredentials(tenant),
    shared.getTenantCredentialStatuses(tenant),
    shared.requireTenantMuxClient(tenant),
    shared.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' }),
    shared.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' }),
    shared.deleteTenantStripeConfig(tenant),
    shared.updateWiseConfigVerification(tenant, false),
    shared.listTenantCredentialEvents(tenant),
    shared.sealTenantCredentialEvents(tenant),
    shared.verifyTenantCredentialEvents(tenant),
    shared.migrateTenant(tenant),
  ];
  expect(await Promise.all(calls.map(code))).toEqual(calls.map(() => 'TENANT_NOT_FOUND'));
  const save = shared.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  await expect(save).rejects.toThrow(`cgk-integrations create --tenant ${tenant}`);
  for (const table of [...CREDENTIALS, 'tenant_credential_events']) {
    const { rows } = await run(`select from vault.${table} where tenant_id = $1`, [tenant]);
    expect(rows).toEqual([]);
  }
});

test('a tenant that nobody created gets no state of scheduled work', async () => {
  const sink = { name: 'test', deliver: () => {} };
  const report = await shared.deliverCredentialEvents({ tenants: [tenant], sinks: [sink] });
  expect(report.failures).toMatchObject([{ tenantId: tenant, code: 'TENANT_NOT_FOUND' }]);
});

test('a table and columns that are missing come back with a migration of all', async () => {
  const own = await newDatabase(`lacking_${newSlug()}`);
  const vaultOf = instance({ layout: 'shared', events: true }, own);
  await vaultOf.createTenant(tenant);
  await sql(
    `drop table vault.tenant_credential_states;
     alter table vault.tenant_stripe_config drop column failing_since`,
    [],
    own,
  );
  const health = await vaultOf.getCredentialHealth(tenant);
  expect(health.database.migration?.missing).toEqual(['failing_since', 'tenant_credential_states']);
  await vaultOf.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  expect(await vaultOf.migrateTenants()).toEqual({
    migrated: [tenant],
    upToDate: [],
    failures: [],
    remaining: [],
  });
  expect((await vaultOf.getCredentialHealth(tenant)).database).toEqual({ reachable: true });
  expect(await vaultOf.migrateTenants()).toMatchObject({ migrated: [], upToDate: [tenant] });
  expect(await vaultOf.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  await vaultOf.close();
});

describe('a tenant in the other layout', () => {
  const both = (): [string, vault.Integrations, vault.Integrations][] => [
    ['schema', schemas, shared],
    ['shared', shared, schemas],
  ];

  test('is not created or migrated a second time, and the error says where it is', async () => {
    for (const [layout, one, other] of both()) {
      const slug = newSlug();
      await one.createTenant(slug);
      for (const call of [other.createTenant(slug), other.migrateTenant(slug)]) {
        const error = await call.catch((error) => error);
        expect(error.code).toBe('TENANT_IN_OTHER_LAYOUT');
        expect(error.message).toContain(layout === 'schema' ? `"tenant_${slug}"` : '"vault"');
        expect(error.message).toContain('cgk-integrations move --to');
      }
      expect(await other.listTenants()).not.toContain(slug);
    }
  });

  test('is not found by reads and saves', async () => {
    for (const [, one, other] of both()) {
      const slug = newSlug();
      await one.createTenant(slug);
      await one.saveTenantStripeConfig(slug, { secretKey: 'sk_test_1' });
      expect(await code(other.getTenantStripeConfig(slug))).toBe('TENANT_NOT_FOUND');
      const save = other.saveTenantStripeConfig(slug, { secretKey: 'sk_test_2' });
      expect(await code(save)).toBe('TENANT_NOT_FOUND');
      expect(await one.getTenantStripeSecretKey(slug)).toBe('sk_test_1');
    }
  });
});

describe('the options', () => {
  test.each([
    [{ layout: 'tables' }, 'layout must be one of schema, shared'],
    [{ layout: 1 }, 'layout must be a string'],
    [{ sharedSchema: 'Vault' }, /^createIntegrations: sharedSchema must be 1 to 63 lower-case/],
    [{ sharedSchema: 'a"; drop schema public' }, /sharedSchema must be/],
    [{ sharedSchema: 'tenant_acme' }, /not the name of another schema/],
    [{ sharedSchema: 'public' }, /not the name of another schema/],
  ])('%j are refused', (options, message) => {
    expect(() => instance(options as never)).toThrow(message);
  });

  test('come from the environment where they are not given', async () => {
    const own = await newDatabase(`named_${newSlug()}`);
    const variables = {
      POSTGRES_URL: own,
      INTEGRATION_LAYOUT: 'shared',
      INTEGRATION_SHARED_SCHEMA: 'credentials',
    };
    const made = await runCli(['migrate', '--all'], variables);
    expect(made).toMatchObject({ status: 0, errors: '' });
    expect(await runCli(['create', '--tenant', tenant], variables)).toMatchObject({ status: 0 });
    const { rows } = await sql('select tenant_id from credentials.tenants', [], own);
    expect(rows).toEqual([{ tenant_id: tenant }]);
    expect(await runCli(['migrate', '--all'], variables)).toEqual({
      status: 0,
      output: `${tenant}: up to date\n`,
      errors: '',
    });
    const wrong = await runCli(['migrate', '--all'], { ...variables, INTEGRATION_LAYOUT: 'both' });
    expect(wrong.status).toBe(1);
    expect(wrong.errors).toContain('INTEGRATION_LAYOUT must be one of schema, shared');
  });
});

test('where the server has a function that distributes tables, each is distributed once, before it refers to another', async () => {
  const own = await newDatabase(`distributing_${newSlug()}`);
  // What Citus has there; it refuses to distribute a table that refers to one which is not distributed.
  await sql(
    `set allow_system_table_mods = on;
     create table pg_catalog.pg_dist_partition (logicalrelid regclass, key text);
     create function pg_catalog.create_distributed_table(relation regclass, key text) returns void
     language sql as $$ insert into pg_catalog.pg_dist_partition
       select relation, key where not exists (select from pg_constraint where conrelid = relation and contype = 'f') $$`,
    [],
    own,
  );
  const vaultOf = instance({ layout: 'shared' }, own);
  for (const _ of [1, 2]) {
    await vaultOf.createTenant(newSlug());
    await sql('drop index vault.idx_tenant_credential_events_saved', [], own);
    await vaultOf.migrateTenants();
  }
  const { rows } = await sql(
    'select logicalrelid::text as name, key from pg_dist_partition order by name',
    [],
    own,
  );
  const names = [...CREDENTIALS, 'tenant_credential_events', 'tenant_credential_states', 'tenants'];
  expect(rows).toEqual(names.sort().map((name) => ({ name: `vault.${name}`, key: 'tenant_id' })));
  await vaultOf.close();
});
