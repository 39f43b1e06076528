// The doctor where tenants share their tables, and about tenants that are in the wrong layout or in both.

import * as vault from '@cgk-platform/integrations/native';
import {
  createIntegrations as createWasmIntegrations,
  pgDriver,
} from '@cgk-platform/integrations/wasm';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type CliResult, runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';

const opened: { close(): Promise<void> }[] = [];

let url: string;
let shared: vault.Integrations;
let schemas: vault.Integrations;
let pool: pg.Pool;

/** A tenant in each layout, in a database of its own. */
beforeEach(async () => {
  url = await newDatabase(`layouts_${newSlug()}`);
  shared = open({ databaseUrl: url, layout: 'shared' });
  schemas = open({ databaseUrl: url });
  await shared.createTenant('acme');
  await schemas.createTenant('rawdog');
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

function open(options: vault.IntegrationsOptions): vault.Integrations {
  const instance = vault.createIntegrations({ encryptionKey: 'ab'.repeat(32), ...options });
  opened.push(instance);
  return instance;
}

const run = (text: string) => sql(text, [], url);

function doctor(layout: vault.Layout, ...args: string[]): Promise<CliResult> {
  return cli(layout, ['doctor', ...args]);
}

function cli(layout: vault.Layout, args: string[]): Promise<CliResult> {
  return runCli(args, { POSTGRES_URL: url, INTEGRATION_LAYOUT: layout });
}

/** Carries out the command that the advice names. */
async function obey({ remedy }: vault.TenantProblem, layout: vault.Layout): Promise<CliResult> {
  const [, command = ''] = /`cgk-integrations ([^`]+)`/.exec(remedy) ?? [];
  return cli(layout, command.split(' '));
}

/** A schema of the tenant's own that was made past createTenant, as a platform's migration makes it. */
async function makeOwnTables(tenant: string): Promise<void> {
  const other = await newDatabase(`copy_${newSlug()}`);
  await open({ databaseUrl: other }).createTenant(tenant);
  const { rows } = await sql(
    `select c.relname as name from pg_class as c where c.relnamespace = 'tenant_${tenant}'::regnamespace and c.relkind = 'r'`,
    [],
    other,
  );
  await run(`create schema if not exists tenant_${tenant}`);
  for (const { name } of rows) {
    // All columns are in the shared schema; what has records has only to be there.
    const like =
      name === 'schema_migrations'
        ? '(version integer, name text)'
        : `(like vault.${name} including all)`;
    await run(`create table tenant_${tenant}.${name} ${like}`);
  }
}

const saved = (instance: vault.Integrations, tenant: string, secretKey: string) =>
  instance.saveTenantStripeConfig(tenant, { secretKey });

describe('of the tables that tenants share', () => {
  async function problems(): Promise<Pick<vault.TenantProblem, 'problem' | 'names'>[]> {
    const report = await shared.diagnoseTenants({ tenants: ['acme'] });
    expect(report).toMatchObject({ healthy: ['acme'], diagnoses: [], failures: [] });
    return report.shared.map(({ problem, names }) => ({ problem, names }));
  }

  test.each([
    ['nothing', 'select', []],
    [
      'a table with its indexes, a column and an index',
      `drop table vault.tenant_credential_events;
       alter table vault.tenant_wise_config drop column failing_since`,
      [
        {
          problem: 'missing',
          names: [
            'idx_tenant_credential_events_position',
            'idx_tenant_credential_events_saved',
            'idx_tenant_credential_events_unsealed',
            'tenant_credential_events',
            'tenant_wise_config.failing_since',
          ],
        },
      ],
    ],
    [
      'the keys that keep tenants apart',
      `alter table vault.tenant_wise_config drop constraint tenant_wise_config_tenant_id_key;
       alter table vault.tenant_stripe_config drop constraint tenant_stripe_config_pkey;
       alter table vault.tenant_credential_states drop constraint tenant_credential_states_tenant_id_fkey`,
      [
        {
          problem: 'missing',
          names: [
            'tenant_credential_states (foreign key)',
            'tenant_stripe_config (primary key)',
            'tenant_wise_config (unique)',
          ],
        },
      ],
    ],
    [
      'a view with the name of a table',
      `drop table vault.tenant_credential_states; create view vault.tenant_credential_states as select 1 as x`,
      [{ problem: 'not_a_table', names: ['tenant_credential_states'] }],
    ],
  ])('%s is found, once', async (_, change, expected) => {
    await run(change);
    expect(await problems()).toEqual(expected);
  });

  test('what migrations make repairs what is missing, by the command that is named', async () => {
    await saved(shared, 'acme', 'sk_test_1');
    await run(
      `drop table vault.tenant_credential_states;
       alter table vault.tenant_stripe_config drop column failing_since;
       alter table vault.tenant_wise_config drop constraint tenant_wise_config_tenant_id_fkey`,
    );
    const [problem] = (await shared.diagnoseTenants()).shared;
    expect(problem?.names).toContain('tenant_wise_config (foreign key)');
    expect(await obey(problem as vault.TenantProblem, 'shared')).toMatchObject({ status: 0 });
    expect(await problems()).toEqual([]);
    expect(await shared.getTenantStripeSecretKey('acme')).toBe('sk_test_1');
  });

  test('a schema that is missing is, and a tenant that nobody created', async () => {
    const other = open({ databaseUrl: url, layout: 'shared', sharedSchema: 'credentials' });
    const report = await other.diagnoseTenants({ tenants: ['acme'] });
    expect(report.shared).toMatchObject([{ problem: 'schema_missing', names: [] }]);
    expect(report.diagnoses).toMatchObject([{ problems: [{ problem: 'tenant_missing' }] }]);
    expect(await obey(report.shared[0] as vault.TenantProblem, 'shared')).toMatchObject({
      status: 0,
    });
    const [nobody] = (await shared.diagnoseTenants({ tenants: ['nobody'] })).diagnoses;
    expect(nobody).toMatchObject({ problems: [{ problem: 'tenant_missing' }] });
    expect(await obey(nobody?.problems[0] as vault.TenantProblem, 'shared')).toMatchObject({
      status: 0,
    });
    expect((await shared.diagnoseTenants({ tenants: ['nobody'] })).healthy).toEqual(['nobody']);
  });

  test('tables that Citus does not know are found, and distributed by the steps that are named', async () => {
    // By the names in Citus' documentation; it distributes no table that refers to one which is not distributed.
    await run(
      `set allow_system_table_mods = on;
       create table pg_catalog.pg_dist_partition (logicalrelid regclass, key text);
       create function pg_catalog.create_distributed_table(relation regclass, key text) returns void
       language sql as $$ insert into pg_catalog.pg_dist_partition
         select relation, key where not exists (select from pg_constraint where conrelid = relation and contype = 'f') $$;
       insert into pg_dist_partition values ('vault.tenants', 'tenant_id')`,
    );
    const [problem, ...others] = (await shared.diagnoseTenants()).shared;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ problem: 'not_distributed', harmless: false });
    expect(problem?.names).toHaveLength(6);
    expect(problem?.names).not.toContain('tenants');
    const { rows } = await run(
      `select conrelid::regclass::text as name, conname as key from pg_constraint where connamespace = 'vault'::regnamespace and contype = 'f'`,
    );
    for (const { name, key } of rows) {
      await run(`alter table ${name} drop constraint ${key}`);
    }
    expect(await obey(problem as vault.TenantProblem, 'shared')).toMatchObject({ status: 0 });
    expect(await problems()).toEqual([]);
  });

  test('the command says so once, whatever the number of tenants, and ends with 1', async () => {
    await shared.moveTenants({ to: 'shared', tenants: ['rawdog'] });
    expect(await doctor('shared', '--all')).toEqual({
      status: 0,
      output: '2 of 2 tenants are as they should be.\n',
      errors: '',
    });
    await run('drop table vault.tenant_credential_states');
    const result = await doctor('shared', '--all');
    expect(result).toMatchObject({ status: 1, errors: '' });
    expect(result.output).toMatch(
      /^vault: The schema lacks .* \[missing\]\n {2}tenant_credential_states\n {2}Run .*migrate --all.*\n2 of 2 tenants/,
    );
    const json = JSON.parse((await doctor('shared', '--all', '--json')).output);
    expect(json).toMatchObject({ healthy: ['acme', 'rawdog'], shared: [{ problem: 'missing' }] });
  });

  test('a database without any tenant has nothing wrong once its tables are made', async () => {
    url = await newDatabase(`none_${newSlug()}`);
    const missing = await doctor('shared', '--all');
    expect(missing.status).toBe(1);
    expect(missing.output).toContain('There is no schema vault.');
    await cli('shared', ['migrate', '--all']);
    expect(await doctor('shared', '--all')).toMatchObject({ status: 0, errors: '' });
  });

  test('where a function names the database, each tenant has them among its own', async () => {
    const second = await newDatabase(`second_${newSlug()}`);
    await open({ databaseUrl: second, layout: 'shared' }).createTenant('other');
    await sql('drop table vault.tenant_credential_states', [], second);
    const cells = open({
      databaseUrl: (tenant) =>
        ({ other: second, down: 'postgres://nobody@127.0.0.1:1/nowhere' })[tenant] ?? url,
      layout: 'shared',
      connectTimeoutMs: 500,
    });
    const report = await cells.diagnoseTenants({
      tenants: ['acme', 'down', 'other'],
      waitForDatabaseMs: 1,
    });
    expect(report).toMatchObject({
      healthy: ['acme'],
      shared: [],
      failures: [{ tenantId: 'down', code: 'DATABASE_UNAVAILABLE' }],
    });
    expect(report.diagnoses).toMatchObject([
      {
        tenantId: 'other',
        problems: [{ problem: 'missing', names: ['tenant_credential_states'] }],
      },
    ]);
  });
});

describe.each(['schema', 'shared'] as const)('with the layout %s', (layout) => {
  const here = () => (layout === 'schema' ? schemas : shared);
  const [own, moved] = layout === 'schema' ? ['rawdog', 'acme'] : ['acme', 'rawdog'];

  test('a tenant of the other layout is found among all, and moved by the command that is named', async () => {
    const there = layout === 'schema' ? shared : schemas;
    await saved(there, moved, 'sk_test_1');
    const report = await here().diagnoseTenants();
    expect(report).toMatchObject({
      healthy: [own],
      diagnoses: [{ tenantId: moved, problems: [{ problem: 'other_layout', harmless: false }] }],
      shared: [],
    });
    const result = await doctor(layout, '--all');
    expect(result.status).toBe(1);
    expect(result.output).toContain(`cgk-integrations move --to ${layout} --tenant ${moved}`);
    const problem = report.diagnoses[0]?.problems[0] as vault.TenantProblem;
    expect(await obey(problem, layout)).toMatchObject({ status: 0 });
    expect((await here().diagnoseTenants()).healthy).toEqual(['acme', 'rawdog']);
    expect(await here().getTenantStripeSecretKey(moved)).toBe('sk_test_1');
    expect(await there.diagnoseTenants({ tenants: [moved] })).toMatchObject({
      diagnoses: [{ problems: [{ problem: 'other_layout' }] }],
    });
  });

  test.each(['none', 'those here', 'those there'])(
    'a tenant in both, with credentials in %s, is found and moved by the command that is named',
    async (which) => {
      await makeOwnTables('acme');
      const [one, other] = layout === 'schema' ? [schemas, shared] : [shared, schemas];
      if (which !== 'none') {
        await saved(which === 'those here' ? one : other, 'acme', 'sk_test_1');
      }
      const report = await here().diagnoseTenants({ tenants: ['acme'] });
      const problem = report.diagnoses[0]?.problems.find(
        (each) => each.problem === 'in_both_layouts',
      );
      expect(problem?.message).toContain('tenant_acme');
      expect(await obey(problem as vault.TenantProblem, layout)).toMatchObject({ status: 0 });
      const kinds = (await here().diagnoseTenants({ tenants: ['acme'] })).diagnoses.flatMap(
        ({ problems }) => problems.map(({ problem }) => problem),
      );
      expect(kinds).not.toContain('in_both_layouts');
      expect(await here().getTenantStripeSecretKey('acme')).toBe(
        which === 'none' ? null : 'sk_test_1',
      );
    },
  );

  test('a tenant with credentials in both is found, and the move changes nothing until one side is removed', async () => {
    await makeOwnTables('acme');
    await saved(schemas, 'acme', 'sk_test_own');
    // Of another service: whoever removed one of them by mistake would lose it.
    await shared.saveTenantWiseConfig('acme', { apiKey: 'shared' });
    const find = async () =>
      (await here().diagnoseTenants({ tenants: ['acme'] })).diagnoses[0]?.problems.find(
        ({ problem }) => problem === 'in_both_layouts',
      ) as vault.TenantProblem;
    const refused = await obey(await find(), layout);
    expect(refused.status).toBe(1);
    expect(refused.errors).toContain('[MOVE_REFUSED]');
    expect(await schemas.getTenantStripeSecretKey('acme')).toBe('sk_test_own');
    expect(await shared.getTenantWiseApiKey('acme')).toBe('shared');
    await run('delete from tenant_acme.tenant_stripe_config');
    expect(await obey(await find(), layout)).toMatchObject({ status: 0 });
    expect(await here().getTenantWiseApiKey('acme')).toBe('shared');
  });
});

test('both backends see the same', async () => {
  pool = new pg.Pool({ connectionString: url });
  const driven = (layout: vault.Layout) =>
    createWasmIntegrations({ driver: pgDriver(pool), encryptionKey: 'ab'.repeat(32), layout });
  await makeOwnTables('acme');
  await run('drop table vault.tenant_credential_events');
  expect(await driven('shared').diagnoseTenants()).toEqual(await shared.diagnoseTenants());
  expect(await driven('schema').diagnoseTenants()).toEqual(await schemas.diagnoseTenants());
  await pool.end();
});

describe('a schema with the name of the shared one that is something else’s', () => {
  test.each([
    [
      'is not the role’s to use',
      'create schema vault; create table vault.tenants (tenant_id text)',
    ],
    [
      'has another table of tenants',
      'create schema vault; create table vault.tenants (id integer); grant usage on schema vault to public; grant select on vault.tenants to public',
    ],
  ])('%s: tenants with schemas are looked at all the same', async (_, change) => {
    const own = await newDatabase(`others_${newSlug()}`);
    const role = `r_${newSlug()}`;
    await open({ databaseUrl: own }).createTenant('acme');
    await sql(`${change}; create role ${role} login password 'app'`, [], own);
    const limited = Object.assign(new URL(own), { username: role, password: 'app' }).href;
    expect(await open({ databaseUrl: limited }).diagnoseTenants()).toMatchObject({
      healthy: ['acme'],
      diagnoses: [],
      failures: [],
    });
  });
});
