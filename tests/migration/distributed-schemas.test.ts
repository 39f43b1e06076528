// Schemas that Citus distributes over machines. Citus does not run here: a real PostgreSQL gets its functions
// and catalogs by the names and columns that its documentation and sources give them, and event triggers that do
// what Citus does with statements about tables.
//
// - `citus_schema_distribute(regnamespace)`, `citus.enable_schema_based_sharding`: "Citus utility functions
//   reference" and "Configuration reference" (Citus 12 and later); it takes a schema with local tables, and says
//   of a distributed one only that it is.
// - `pg_dist_schema (schemaid oid, colocationid int)`: `citus--11.3-1--12.0-1.sql`.
// - `pg_dist_partition (logicalrelid regclass, partmethod char, partkey text, colocationid int, repmodel char)`:
//   "Citus tables and views".
// - A table is distributed by a `create table` that is a statement of its own, and by no other: "We're only
//   interested in top-level CREATE TABLE commands" in `utility_hook.c`; of a text with several statements none is.
// - Triggers on distributed tables, and tables with triggers that are to be distributed, are refused unless
//   `citus.enable_unsafe_triggers` is on: `trigger.c`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createIntegrations,
  type Integrations,
  SERVICE_CATALOG,
} from '@cgk-platform/integrations/native';
import {
  createIntegrations as createWasmIntegrations,
  pgDriver,
} from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'libpg-query';
import pg from 'pg';
import { runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';

const encryptionKey = 'distributed-schemas-master-key-0123456789';

const CITUS = `
  set allow_system_table_mods = on;
  create table pg_catalog.pg_dist_schema (schemaid oid primary key, colocationid int not null unique);
  create table pg_catalog.pg_dist_partition (
    logicalrelid regclass primary key, partmethod "char" not null, partkey text, colocationid int not null, repmodel "char" not null
  );
  grant select on pg_catalog.pg_dist_schema, pg_catalog.pg_dist_partition to public;
  create sequence public.colocation;
  -- What came to Citus, in order.
  create table public.seen (
    position serial, transaction xid8 default pg_current_xact_id(), command text, about text, query text,
    sharding text default current_setting('citus.enable_schema_based_sharding', true)
  );

  create function pg_catalog.citus_schema_distribute(schemaname regnamespace) returns void language plpgsql as $$
  declare
    relation regclass;
  begin
    insert into public.seen (command, about, query) values ('distribute', schemaname::text, current_query());
    if exists (select from pg_dist_schema where schemaid = schemaname) then
      return;
    end if;
    insert into pg_dist_schema values (schemaname, nextval('public.colocation'));
    for relation in select oid from pg_class where relnamespace = schemaname and relkind = 'r' loop
      perform public.distribute_table(relation);
    end loop;
  end $$;

  create function public.distribute_table(relation regclass) returns void language plpgsql as $$
  begin
    if exists (select from pg_trigger where tgrelid = relation and not tgisinternal) then
      raise exception 'cannot distribute a relation that has triggers' using errcode = '0A000';
    end if;
    insert into pg_dist_partition
    select relation, 'n', null, s.colocationid, 's'
    from pg_dist_schema as s join pg_class as c on c.relnamespace = s.schemaid where c.oid = relation
    on conflict do nothing;
  end $$;

  create function public.see() returns event_trigger language plpgsql as $$
  declare
    done record;
    text text = regexp_replace(current_query(), '--[^\\n]*', '', 'g');
    is_alone boolean = text !~* '^\\s*do\\s' and text !~ ';\\s*\\S';
  begin
    for done in select * from pg_event_trigger_ddl_commands() loop
      insert into public.seen (command, about, query) values (done.command_tag, done.object_identity, current_query());
      if done.command_tag = 'CREATE SCHEMA' and current_setting('citus.enable_schema_based_sharding', true) = 'on' then
        insert into pg_dist_schema values (done.objid, nextval('public.colocation'));
      elsif done.command_tag = 'CREATE TABLE' and is_alone
        and exists (select from pg_dist_schema where schemaid::regnamespace::text = done.schema_name) then
        perform public.distribute_table(done.objid);
      elsif done.command_tag = 'CREATE TRIGGER'
        and exists (select from pg_dist_partition as p join pg_trigger as t on t.tgrelid = p.logicalrelid where t.oid = done.objid) then
        raise exception 'triggers are not supported on distributed tables' using errcode = '0A000';
      end if;
    end loop;
  end $$;
  create event trigger see on ddl_command_end execute function public.see();
`;

const TABLES = [
  'schema_migrations',
  'tenant_api_credentials',
  'tenant_credential_events',
  'tenant_credential_states',
  'tenant_resend_config',
  'tenant_stripe_config',
  'tenant_wise_config',
];

let url: string;
let database: string;
let pool: pg.Pool;
let byStatements: Integrations;
let byBlock: Integrations;

beforeAll(async () => {
  database = `citus_${newSlug()}`;
  url = await newDatabase(database);
  await sql(CITUS, [], url);
  await shard('on');
  pool = new pg.Pool({ connectionString: url });
  byStatements = createIntegrations({ databaseUrl: url, encryptionKey });
  byBlock = createWasmIntegrations({ driver: pgDriver(pool), encryptionKey });
});
afterAll(async () => {
  await Promise.all([byStatements.close(), byBlock.close()]);
  await pool.end();
});

/** Sets what sessions from now on have. */
function shard(setting: 'on' | 'off'): Promise<unknown> {
  return sql(
    `alter database ${database} set citus.enable_schema_based_sharding = ${setting}`,
    [],
    url,
  );
}

interface Seen {
  transaction: string;
  command: string;
  about: string;
  query: string;
  /** What the setting was. */
  sharding: string;
}

async function seen(slug: string): Promise<Seen[]> {
  const text =
    'select transaction::text, command, about, query, sharding from public.seen where about like $1 order by position';
  return (await sql(text, [`%tenant_${slug}%`], url)).rows;
}

/** The tables of a tenant, those that Citus knows, and triggers. */
async function state(slug: string) {
  const { rows } = await sql(
    `select c.relname as name, exists (select from pg_dist_partition where logicalrelid = c.oid) as distributed,
       exists (select from pg_trigger where tgrelid = c.oid and not tgisinternal) as trigger
     from pg_class as c where c.relnamespace = to_regnamespace($1) and c.relkind = 'r' order by 1`,
    [`tenant_${slug}`],
    url,
  );
  const names = (which: (row: Record<string, unknown>) => unknown) =>
    rows.filter(which).map(({ name }) => name);
  return {
    tables: names(() => true),
    distributed: names(({ distributed }) => distributed),
    triggers: names(({ trigger }) => trigger).length,
  };
}

async function saveAll(vault: Integrations, slug: string): Promise<void> {
  for (const { id } of SERVICE_CATALOG) {
    await vault.saveTenantCredential(slug, id, inputFor(id) as never);
  }
  expect(await vault.getTenantWiseApiKey(slug)).toBe(
    (inputFor('wise') as { apiKey: string }).apiKey,
  );
}

const WHOLE = { tables: TABLES, distributed: TABLES, triggers: 0 };
const LOCAL = { tables: TABLES, distributed: [], triggers: 4 };

describe('a schema that createTenant makes', () => {
  test('is distributed after its tables are made, in the same transaction and by a statement of its own', async () => {
    const slug = newSlug();
    await byStatements.createTenant(slug);
    expect(await state(slug)).toEqual(WHOLE);
    const statements = await seen(slug);
    const commands = statements.map(({ command }) => command);
    expect(commands[0]).toBe('CREATE SCHEMA');
    expect(commands.filter((command) => command === 'CREATE TABLE')).toHaveLength(TABLES.length);
    expect(commands.filter((command) => command === 'distribute')).toHaveLength(1);
    expect(commands.indexOf('distribute')).toBeGreaterThan(commands.lastIndexOf('CREATE TABLE'));
    expect(commands.indexOf('distribute')).toBeGreaterThan(commands.lastIndexOf('ALTER TABLE'));
    expect(new Set(statements.map(({ transaction }) => transaction)).size).toBe(1);
    for (const { query } of statements) {
      const { stmts } = await parse(query);
      expect(stmts).toHaveLength(1);
      expect(query).not.toMatch(/^do /);
    }
    await saveAll(byStatements, slug);
    // And again, which does nothing.
    await byStatements.createTenant(slug);
    await byStatements.migrateTenant(slug);
    expect(await seen(slug)).toHaveLength(statements.length);
  });

  test('is distributed by a driver, too, whose block makes the tables first', async () => {
    const slug = newSlug();
    await byBlock.createTenant(slug);
    expect(await state(slug)).toEqual(WHOLE);
    await saveAll(byBlock, slug);
    await byBlock.createTenant(slug);
    expect((await seen(slug)).filter(({ command }) => command === 'distribute')).toHaveLength(1);
  });

  test.each(['statements', 'a block'])(
    'is not distributed before its tables, by %s',
    async (way) => {
      const slug = newSlug();
      await (way === 'statements' ? byStatements : byBlock).createTenant(slug);
      expect(new Set((await seen(slug)).map(({ sharding }) => sharding))).toEqual(new Set(['off']));
    },
  );

  test('leaves the setting of its connection as it was', async () => {
    const own = createIntegrations({ databaseUrl: url, encryptionKey, maxConnections: 1 });
    const slugs = [newSlug(), newSlug()] as const;
    await own.createTenant(slugs[0]);
    await own.createTenant(slugs[1]);
    expect(await state(slugs[1])).toEqual(WHOLE);
    await own.close();
  });
});

test('where new schemas are not distributed, createTenant leaves them as they are, with triggers', async () => {
  await shard('off');
  const vault = createIntegrations({ databaseUrl: url, encryptionKey });
  const client = new pg.Pool({ connectionString: url });
  const driven = createWasmIntegrations({ driver: pgDriver(client), encryptionKey });
  try {
    for (const each of [vault, driven]) {
      const slug = newSlug();
      await each.createTenant(slug);
      expect(await state(slug)).toEqual(LOCAL);
    }
  } finally {
    await shard('on');
    await Promise.all([vault.close(), driven.close(), client.end()]);
  }
});

test('a schema that is there and not distributed stays where it is', async () => {
  for (const vault of [byStatements, byBlock]) {
    const slug = newSlug();
    await sql(
      `set citus.enable_schema_based_sharding = off; create schema tenant_${slug}`,
      [],
      url,
    );
    await vault.createTenant(slug);
    expect(await state(slug)).toEqual(LOCAL);
  }
});

test('a tenant that has its tables is distributed by the steps of docs/scaling.md', async () => {
  const slug = newSlug();
  await sql(`set citus.enable_schema_based_sharding = off; create schema tenant_${slug}`, [], url);
  await byStatements.migrateTenant(slug);
  await saveAll(byStatements, slug);
  const page = readFileSync(join(__dirname, '../../docs/scaling.md'), 'utf8');
  const [, steps = ''] = /```sql\n(begin;[^`]*citus_schema_distribute[^`]*)```/.exec(page) ?? [];
  expect(steps).toContain('commit');
  await sql(steps.replaceAll('tenant_acme', `tenant_${slug}`), [], url);
  expect(await state(slug)).toEqual(WHOLE);
  await byStatements.migrateTenant(slug);
  await byBlock.migrateTenant(slug);
  expect(await state(slug)).toEqual(WHOLE);
});

describe('a distributed schema of the platform', () => {
  async function makeSchema(): Promise<string> {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`, [], url);
    const { rowCount } = await sql(
      'select from pg_dist_schema where schemaid = $1::regnamespace',
      [`tenant_${slug}`],
      url,
    );
    expect(rowCount).toBe(1);
    return slug;
  }

  test.each(['migrateTenant', 'createTenant'] as const)(
    'gets distributed tables without triggers by %s',
    async (call) => {
      const slug = await makeSchema();
      await byStatements[call](slug);
      expect(await state(slug)).toEqual(WHOLE);
      await saveAll(byStatements, slug);
    },
  );

  test.each(['migrateTenant', 'createTenant'] as const)(
    'is refused by %s on a driver, which would leave its tables on one machine',
    async (call) => {
      const slug = await makeSchema();
      await expect(byBlock[call](slug)).rejects.toMatchObject({
        code: 'SCHEMA_DISTRIBUTED',
        message: expect.stringContaining('cgk-integrations migrate'),
      });
      expect((await state(slug)).tables).toEqual([]);
      const command = await runCli(['migrate', '--tenant', slug], { POSTGRES_URL: url });
      expect(command).toMatchObject({ status: 0, errors: '' });
      expect(await state(slug)).toEqual(WHOLE);
      await byBlock[call](slug);
    },
  );

  test('gets later columns and tables by statements of their own', async () => {
    const slug = await makeSchema();
    await byStatements.migrateTenant(slug);
    await sql(
      `drop table tenant_${slug}.tenant_credential_states;
       alter table tenant_${slug}.tenant_wise_config drop column failing_since`,
      [],
      url,
    );
    const before = await seen(slug);
    await expect(byBlock.migrateTenant(slug)).rejects.toMatchObject({ code: 'SCHEMA_DISTRIBUTED' });
    await byStatements.migrateTenant(slug);
    expect((await state(slug)).tables).toEqual(TABLES);
    expect((await state(slug)).distributed).toEqual(
      expect.arrayContaining(['tenant_credential_states']),
    );
    const since = (await seen(slug)).slice(before.length);
    expect([...new Set(since.map(({ command }) => command))].sort()).toEqual([
      'ALTER TABLE',
      'CREATE INDEX',
      'CREATE TABLE',
    ]);
    expect(since.every(({ query }) => !/^do /.test(query))).toBe(true);
  });

  test('lacks nothing to migrate --all, and one without triggers that is not distributed does', async () => {
    const [whole, local] = [await makeSchema(), newSlug()];
    await byStatements.migrateTenant(whole);
    await sql(
      `set citus.enable_schema_based_sharding = off; create schema tenant_${local}`,
      [],
      url,
    );
    await byStatements.migrateTenant(local);
    await sql(
      `drop trigger tenant_wise_config_updated_at on tenant_${local}.tenant_wise_config`,
      [],
      url,
    );
    for (const vault of [byBlock, byStatements]) {
      const report = await vault.migrateTenants({ signal: AbortSignal.abort() });
      expect(report.upToDate).toContain(whole);
      expect(report.remaining).toContain(local);
    }
  });
});

test('the doctor finds a schema of which Citus distributes a part, and leaves others alone', async () => {
  const half = newSlug();
  // As a block of an earlier version made it: the schema is distributed, its tables are not.
  await sql(
    `create schema tenant_${half}; do $$ begin create table tenant_${half}.tenant_wise_config (tenant_id text); end $$`,
    [],
    url,
  );
  const [whole, local] = [newSlug(), newSlug()];
  await byStatements.createTenant(whole);
  await sql(`set citus.enable_schema_based_sharding = off; create schema tenant_${local}`, [], url);
  await byStatements.migrateTenant(local);
  const known = newSlug();
  await sql(`set citus.enable_schema_based_sharding = off; create schema tenant_${known}`, [], url);
  await byStatements.migrateTenant(known);
  await sql(
    `insert into pg_dist_partition values ('tenant_${known}.tenant_wise_config', 'n', null, 1, 's')`,
    [],
    url,
  );
  for (const vault of [byStatements, byBlock]) {
    const report = await vault.diagnoseTenants({ tenants: [half, whole, local, known] });
    expect(report.healthy).toEqual([local, whole].sort());
    const found = (slug: string) =>
      report.diagnoses
        .find(({ tenantId }) => tenantId === slug)
        ?.problems.find(({ problem }) => problem === 'not_distributed')?.names;
    expect(found(half)).toEqual(['tenant_wise_config']);
    expect(found(known)).toEqual(TABLES.filter((name) => name !== 'tenant_wise_config'));
  }
});

test('the names above are not there on a server without Citus', async () => {
  const { rows } = await sql(
    `select to_regclass('pg_catalog.pg_dist_schema') as schemas,
       to_regprocedure('pg_catalog.citus_schema_distribute(regnamespace)') as distribute`,
  );
  expect(rows).toEqual([{ schemas: null, distribute: null }]);
});
