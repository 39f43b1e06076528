// Moving tenants from one layout to the other.

import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { TABLES } from '../kit/tables';

const KEY = 'ab'.repeat(32);
const SINK = { name: 'test', deliver: () => {} };

let url: string;
let shared: vault.Integrations;
let schemas: vault.Integrations;
let tenant: string;

beforeAll(async () => {
  url = await newDatabase(`move_${newSlug()}`);
  const options = { encryptionKey: KEY, databaseUrl: url, events: true };
  shared = vault.createIntegrations({ ...options, layout: 'shared' });
  schemas = vault.createIntegrations(options);
});
beforeEach(async () => {
  tenant = newSlug();
});
afterAll(() => Promise.all([shared.close(), schemas.close()]));

const run = (text: string, params: unknown[] = []) => sql(text, params, url);
const cli = (args: string[]) => runCli(args, { POSTGRES_URL: url });

/** A tenant with credentials of all services, one of them disconnected, sealed events and states. */
async function fill(instance: vault.Integrations): Promise<void> {
  await instance.createTenant(tenant);
  for (const { id } of vault.SERVICE_CATALOG) {
    await instance.saveTenantCredential(tenant, id, inputFor(id) as never);
  }
  await instance.deleteTenantCredential(tenant, 'openai');
  await instance.updateWiseConfigVerification(tenant, false, null, 'refused');
  await instance.sealTenantCredentialEvents(tenant);
  await instance.deleteTenantCredential(tenant, 'mux');
  await instance.deliverCredentialEvents({ tenants: [tenant], sinks: [SINK] });
}

/** All rows of the tenant, as they are. */
async function rowsOf(schema: string): Promise<unknown> {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES) {
    const found = await run(
      `select to_jsonb(t) as row from ${schema}.${table} as t where tenant_id = $1 order by to_jsonb(t)::text`,
      [tenant],
    );
    rows[table] = found.rows.map(({ row }) => row);
  }
  return rows;
}

test('a tenant moves there and back with every row as it was, and goes on', async () => {
  await fill(schemas);
  const before = await rowsOf(`tenant_${tenant}`);
  const there = await cli(['move', '--to', 'shared', '--tenant', tenant]);
  expect(there).toEqual({
    status: 0,
    output: '1 tenants moved, 0 were there already, 0 failed\n',
    errors: '',
  });
  expect(await rowsOf('vault')).toEqual(before);
  const { rows } = await run(
    `select relname from pg_class where relnamespace = 'tenant_${tenant}'::regnamespace and relkind = 'r'`,
  );
  expect(rows).toEqual([{ relname: 'schema_migrations' }]);

  expect(await shared.getTenantStripeSecretKey(tenant)).toBe(
    (inputFor('stripe') as { secretKey: string }).secretKey,
  );
  await shared.saveTenantCredential(tenant, 'anthropic', { apiKey: 'sk-ant-moved' });
  const [newest] = await shared.listTenantCredentialEvents(tenant, { limit: 1 });
  expect(newest).toMatchObject({ event: 'credential.saved', service: 'anthropic' });
  expect(await shared.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });

  const moved = await rowsOf('vault');
  expect(await schemas.moveTenants({ to: 'schema', tenants: [tenant] })).toEqual({
    moved: [tenant],
    unchanged: [],
    failures: [],
    remaining: [],
  });
  expect(await rowsOf(`tenant_${tenant}`)).toEqual(moved);
  expect(await shared.listTenants()).not.toContain(tenant);
  await schemas.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-back' });
  const [last] = await schemas.listTenantCredentialEvents(tenant, { limit: 1 });
  expect(last?.service).toBe('openai');
  expect(await schemas.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
});

test('running it again moves what is left, and leaves alone what is there', async () => {
  const own = await newDatabase(`again_${newSlug()}`);
  const instance = vault.createIntegrations({ databaseUrl: own, encryptionKey: KEY });
  for (const slug of ['acme', 'rawdog']) {
    await instance.createTenant(slug);
  }
  await sql('create schema tenant_without_tables', [], own);
  await instance.moveTenants({ to: 'shared', tenants: ['acme'] });
  expect(await instance.moveTenants({ to: 'shared', tenants: ['acme', 'rawdog'] })).toMatchObject({
    moved: ['rawdog'],
    unchanged: ['acme'],
  });
  const variables = { POSTGRES_URL: own };
  const back = await runCli(['move', '--to', 'schema', '--all', '--json'], variables);
  const report = JSON.parse(back.output);
  expect({ ...report, moved: report.moved.sort() }).toEqual({
    moved: ['acme', 'rawdog'],
    unchanged: [],
    failures: [],
    remaining: [],
  });
  const none = await runCli(['move', '--to', 'schema', '--all'], variables);
  expect(none.output).toBe('0 tenants moved, 0 were there already, 0 failed\n');
  await instance.close();
});

test('a tenant of a schema that lacks later migrations moves, too', async () => {
  await schemas.createTenant(tenant);
  await schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  await run(
    `drop table tenant_${tenant}.tenant_credential_events, tenant_${tenant}.tenant_credential_states;
     alter table tenant_${tenant}.tenant_stripe_config drop column failing_since`,
  );
  expect(await schemas.moveTenants({ to: 'shared', tenants: [tenant] })).toMatchObject({
    moved: [tenant],
  });
  expect(await shared.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
});

test('whose schema is left is no tenant of schemas any more, and is one again when it is back', async () => {
  await schemas.createTenant(tenant);
  const other = newSlug();
  await run(`create schema tenant_${other}`);
  await schemas.moveTenants({ to: 'shared', tenants: [tenant] });
  const { rowCount } = await run('select from pg_namespace where nspname = $1', [
    `tenant_${tenant}`,
  ]);
  expect(rowCount).toBe(1);
  expect(await schemas.listTenants()).not.toContain(tenant);
  expect(await schemas.listTenants()).toContain(other);
  const { migrated, failures } = await schemas.migrateTenants();
  expect(failures).toEqual([]);
  expect(migrated).toContain(other);
  expect(migrated).not.toContain(tenant);
  await schemas.moveTenants({ to: 'schema', tenants: [tenant] });
  expect(await schemas.listTenants()).toContain(tenant);
});

describe('is refused, with nothing changed,', () => {
  const move = async (to: vault.Layout) => {
    const report = await schemas.moveTenants({ to, tenants: [tenant] });
    expect(report).toMatchObject({ moved: [], unchanged: [] });
    return report.failures[0];
  };
  const OWN = () => `tenant_${tenant}.tenant_stripe_config`;

  test.each([
    [
      'rows of another tenant',
      () => `update ${OWN()} set tenant_id = 'somebody_else'`,
      'another tenant',
    ],
    ['a column of somebody else', () => `alter table ${OWN()} add column theirs text`, 'columns'],
    ['a view', () => `create view tenant_${tenant}.seen as select * from ${OWN()}`, 'depend'],
    [
      'rows in both layouts',
      () =>
        `insert into vault.tenants values ('${tenant}');
         insert into vault.tenant_stripe_config (tenant_id, secret_key_encrypted) values ('${tenant}', 'x')`,
      'in both layouts',
    ],
    [
      'a trigger that changes what is copied',
      () =>
        `create function vault.change_${tenant}() returns trigger language plpgsql as $$
           begin new.publishable_key = 'pk_other'; return new; end $$;
         create trigger change_${tenant} before insert on vault.tenant_stripe_config
           for each row when (new.tenant_id = '${tenant}') execute function vault.change_${tenant}()`,
      'not equal',
    ],
  ])('what has %s', async (_, spoil, reason) => {
    await shared.createTenant(newSlug());
    await schemas.createTenant(tenant);
    await schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    await run(spoil());
    const before = await rowsOf(`tenant_${tenant}`);
    const failure = await move('shared');
    expect(failure?.code).toBe('MOVE_REFUSED');
    expect(failure?.message).toContain(reason);
    expect(await rowsOf(`tenant_${tenant}`)).toEqual(before);
    if (reason !== 'in both layouts') {
      expect(await shared.listTenants()).not.toContain(tenant);
    }
  });

  test('a tenant that is nowhere', async () => {
    for (const to of ['shared', 'schema'] as const) {
      expect((await move(to))?.code).toBe('TENANT_NOT_FOUND');
    }
  });

  test.each([[undefined], [''], ['both'], [1]])('a layout of %j', async (to) => {
    await expect(schemas.moveTenants({ to } as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

test('a save that waits for the move is refused, and writes nothing to where the tenant was', async () => {
  await schemas.createTenant(tenant);
  await schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  const blocker = new pg.Client({ connectionString: url });
  await blocker.connect();
  await blocker.query(`begin; lock table tenant_${tenant}.tenant_stripe_config in share mode`);
  const moving = schemas.moveTenants({ to: 'shared', tenants: [tenant] });
  const waiting = async (count: number) => {
    for (;;) {
      const { rows } = await run(
        `select from pg_locks where not granted and relation = 'tenant_${tenant}.tenant_stripe_config'::regclass`,
      );
      if (rows.length >= count) {
        return;
      }
    }
  };
  await waiting(1);
  const save = schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' });
  const refused = expect(save).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
  await waiting(2);
  await blocker.query('rollback');
  await blocker.end();
  expect(await moving).toMatchObject({ moved: [tenant] });
  await refused;
  expect(await shared.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
});

test('a client that a process of the other layout has cached is given up with the first change that fails', async () => {
  await schemas.createTenant(tenant);
  await schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  const cached = await schemas.requireTenantStripeClient(tenant);
  await shared.moveTenants({ to: 'shared', tenants: [tenant] });
  const code = (call: Promise<unknown>) =>
    expect(call).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
  await code(schemas.getTenantStripeSecretKey(tenant));
  // It is the tenant's own, with the key that the tenant has.
  expect(await schemas.requireTenantStripeClient(tenant)).toBe(cached);
  await code(schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' }));
  await code(schemas.requireTenantStripeClient(tenant));
  expect(await shared.requireTenantStripeClient(tenant)).not.toBe(cached);
  expect(await shared.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
});

test('the number of events of all tenants follows that of one who moves in', async () => {
  await schemas.createTenant(tenant);
  await run(
    `alter table tenant_${tenant}.tenant_credential_events alter column seq restart 1000000`,
  );
  await schemas.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  await schemas.moveTenants({ to: 'shared', tenants: [tenant] });
  await shared.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' });
  const { rows } = await run(
    'select seq from vault.tenant_credential_events where tenant_id = $1',
    [tenant],
  );
  expect(rows.map(({ seq }) => Number(seq)).sort()).toEqual([1_000_000, 1_000_001]);
});
