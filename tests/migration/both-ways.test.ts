// A migration runs as statements of one transaction on a connection of the package's own, and as one block
// on a driver: both leave the same, whatever was there before.

import {
  createIntegrations,
  type Integrations,
  type IntegrationsOptions,
} from '@cgk-platform/integrations/native';
import {
  createIntegrations as createWasmIntegrations,
  pgDriver,
} from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newDatabase, newSlug, sql } from '../kit/database';
import { describeWithPooler, startPooler } from '../kit/pooler';

const encryptionKey = 'both-ways-master-key-0123456789abcdef01';

let url: string;
let pool: pg.Pool;
let byStatements: Integrations;
let byBlock: Integrations;
let stopPooler = () => {};

beforeAll(async () => {
  url = await newDatabase(`ways_${newSlug()}`);
  pool = new pg.Pool({ connectionString: url });
  byStatements = native();
  byBlock = createWasmIntegrations({ driver: pgDriver(pool), encryptionKey });
});
afterAll(async () => {
  await Promise.all([byStatements.close(), byBlock.close()]);
  await pool.end();
  stopPooler();
});

function native(options: IntegrationsOptions = {}): Integrations {
  return createIntegrations({ databaseUrl: url, encryptionKey, ...options });
}

/** All that the catalog of the server has of a tenant's schema, without its name. */
async function listing(slug: string): Promise<unknown> {
  const { rows } = await sql(
    `select replace(o.about, $1::text, 'tenant') as about from (
       select 'relation ' || concat_ws(' ', c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relacl, c.reloptions) as about
       from pg_class as c where c.relnamespace = $1::text::regnamespace
       union all
       select 'column ' || concat_ws(' ', c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull,
         a.attidentity, pg_get_expr(d.adbin, d.adrelid))
       from pg_attribute as a join pg_class as c on c.oid = a.attrelid
       left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where c.relnamespace = $1::text::regnamespace and c.relkind = 'r' and a.attnum > 0
       union all
       select 'constraint ' || concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
       from pg_constraint where connamespace = $1::text::regnamespace
       union all
       select 'index ' || indexdef from pg_indexes where schemaname = $1::text
       union all
       select 'trigger ' || concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
       from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
       where c.relnamespace = $1::text::regnamespace and not t.tgisinternal
     ) as o order by 1`,
    [`tenant_${slug}`],
    url,
  );
  return rows.map(({ about }) => about);
}

async function records(slug: string): Promise<unknown> {
  const text = `select to_jsonb(m) - 'applied_at' as row from tenant_${slug}.schema_migrations as m order by 1`;
  return (await sql(text, [], url)).rows;
}

/** Works while somebody else has a lock on one of the tenant's tables. */
async function whileLocked(slug: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`begin; lock table tenant_${slug}.tenant_wise_config`);
    await work();
  } finally {
    await client.end();
  }
}

const FAILING = `
  insert into :s.tenant_wise_config (tenant_id, api_key_encrypted, last_error, updated_at)
  values ('failing', 'x', 'revoked', '2020-01-02T03:04:05Z'), ('right', 'x', null, '2020-01-02T03:04:05Z');`;

/** What a schema has before it is migrated. */
const BEFORE: [string, string][] = [
  ['nothing', 'create schema :s'],
  [
    "the platform's table of migrations",
    `create schema :s;
     create table :s.schema_migrations (version integer not null, name text primary key, applied_at timestamptz default now());
     insert into :s.schema_migrations values (1, 'first')`,
  ],
  [
    'a table of migrations that is another tool’s',
    'create schema :s; create table :s.schema_migrations (version bigint primary key, dirty boolean not null)',
  ],
  [
    'a record of tables that are not there',
    `create schema :s;
     create table :s.schema_migrations (version integer not null, name text primary key);
     insert into :s.schema_migrations values (38, '038_tenant_integration_config')`,
  ],
  [
    'a number that is taken',
    `create schema :s; create table :s.schema_migrations (version integer primary key, name text);
     insert into :s.schema_migrations values (38, 'something')`,
  ],
];

/** What is taken away from a schema that is up to date. */
const TAKEN: [string, string][] = [
  ['nothing', 'select'],
  ['a table', 'drop table :s.tenant_resend_config'],
  ['the record', 'delete from :s.schema_migrations'],
  ['the table of records', 'drop table :s.schema_migrations'],
  ['an index', 'drop index :s.idx_tenant_wise_config_active; delete from :s.schema_migrations'],
  [
    'a trigger',
    `drop trigger tenant_wise_config_updated_at on :s.tenant_wise_config;
     delete from :s.schema_migrations`,
  ],
  ['a later column', `${FAILING} alter table :s.tenant_wise_config drop column failing_since`],
  ['the tables of events', 'drop table :s.tenant_credential_events, :s.tenant_credential_states'],
  [
    'all that is later',
    `drop table :s.tenant_credential_events, :s.tenant_credential_states;
     alter table :s.tenant_resend_config drop column webhook_secret_encrypted;
     alter table :s.tenant_api_credentials drop column failing_since`,
  ],
];

async function inSchema(slug: string, text: string): Promise<void> {
  await sql(text.replaceAll(':s', `tenant_${slug}`), [], url);
}

describe('both ways leave the same', () => {
  test.each(BEFORE)('in a schema that has %s', async (_, before) => {
    const [one, other] = [newSlug(), newSlug()];
    await Promise.all([one, other].map((slug) => inSchema(slug, before)));
    // And again, which changes nothing.
    for (const _ of [1, 2]) {
      await byStatements.migrateTenant(one);
      await byBlock.migrateTenant(other);
      expect(await listing(one)).toEqual(await listing(other));
      expect(await records(one)).toEqual(await records(other));
    }
    expect(await byStatements.migrateTenants({ tenants: [one] })).toMatchObject({ failures: [] });
  });

  test('in a schema that they make', async () => {
    const [one, other] = [newSlug(), newSlug()];
    await byStatements.createTenant(one);
    await byBlock.createTenant(other);
    const made = await listing(one);
    expect(made).toEqual(await listing(other));
    expect(made).toEqual(expect.arrayContaining([expect.stringMatching(/^trigger .*updated_at/)]));
    expect(await records(one)).toEqual([
      { row: { version: 38, name: 'tenant_integration_config' } },
    ]);
    expect(await records(other)).toEqual(await records(one));
  });

  test.each(TAKEN)('where %s was taken away', async (_, taken) => {
    const [one, other] = [newSlug(), newSlug()];
    await Promise.all([one, other].map((slug) => byBlock.createTenant(slug)));
    await Promise.all([one, other].map((slug) => inSchema(slug, taken)));
    await byStatements.migrateTenant(one);
    await byBlock.migrateTenant(other);
    expect(await listing(one)).toEqual(await listing(other));
    expect(await records(one)).toEqual(await records(other));
    const since = (slug: string) =>
      sql(
        `select tenant_id, failing_since, updated_at from tenant_${slug}.tenant_wise_config`,
        [],
        url,
      );
    expect((await since(one)).rows).toEqual((await since(other)).rows);
  });

  test('where something else has the name of a table: nothing', async () => {
    const slugs = [newSlug(), newSlug()] as const;
    await Promise.all(
      slugs.map((slug) =>
        inSchema(slug, 'create schema :s; create view :s.tenant_wise_config as select 1 as x'),
      ),
    );
    const errors = await Promise.all(
      [byStatements.migrateTenant(slugs[0]), byBlock.migrateTenant(slugs[1])].map((migrated) =>
        migrated.catch(({ code, message }) => ({ code, message })),
      ),
    );
    expect(errors[0]).toMatchObject({ code: 'DATABASE_ERROR' });
    expect(errors[0]).toEqual(errors[1]);
    for (const slug of slugs) {
      expect(await listing(slug)).toEqual([
        expect.stringMatching('^relation tenant_wise_config v'),
      ]);
    }
  });
});

test('callers of both ways at once make one schema', async () => {
  for (const create of [true, false]) {
    const slug = newSlug();
    if (!create) {
      await sql(`create schema tenant_${slug}`, [], url);
    }
    const calls = Array.from({ length: 12 }, (_, n) => {
      const vault = n % 2 === 0 ? byStatements : byBlock;
      return create ? vault.createTenant(slug) : vault.migrateTenant(slug);
    });
    await Promise.all(calls);
    expect(await records(slug)).toEqual([
      { row: { version: 38, name: 'tenant_integration_config' } },
    ]);
  }
});

test('what others committed while a migration waited is seen, whatever isolation the role has', async () => {
  const role = `r_${newSlug()}`;
  await sql(`create role ${role} superuser login password 'secret'`, [], url);
  await sql(`alter role ${role} set default_transaction_isolation = 'repeatable read'`, [], url);
  const own = Object.assign(new URL(url), { username: role, password: 'secret' }).href;
  const vault = native({ databaseUrl: own, maxConnectionsPerTenant: 10 });
  const slug = newSlug();
  await Promise.all(Array.from({ length: 8 }, () => vault.createTenant(slug)));
  await vault.close();
  expect((await listing(slug)) as string[]).toContainEqual(
    expect.stringMatching('^relation tenant_credential_states r'),
  );
});

test('a lock that somebody has is waited for as long as a block waits, and the connection is good afterwards', async () => {
  const slug = newSlug();
  const vault = native({ maxConnections: 1 });
  await vault.createTenant(slug);
  await sql(`drop table tenant_${slug}.tenant_resend_config`, [], url);
  const before = await listing(slug);
  await whileLocked(slug, () =>
    expect(vault.migrateTenant(slug)).rejects.toMatchObject({ code: 'DATABASE_BUSY' }),
  );
  expect(await listing(slug)).toEqual(before);
  await vault.migrateTenant(slug);
  await vault.close();
});

test('a migration that takes longer than statementTimeoutMs is given up, and leaves nothing', async () => {
  const slug = newSlug();
  await byStatements.createTenant(slug);
  await sql(`drop table tenant_${slug}.tenant_resend_config`, [], url);
  const vault = native({ statementTimeoutMs: 300 });
  await whileLocked(slug, () =>
    expect(vault.migrateTenant(slug)).rejects.toMatchObject({ code: 'DATABASE_OUTCOME_UNKNOWN' }),
  );
  expect(await listing(slug)).not.toContainEqual(expect.stringMatching('^relation tenant_resend'));
  await byStatements.migrateTenant(slug);
  expect(await byStatements.getTenantResendConfig(slug)).toBeNull();
  await vault.close();
});

describeWithPooler(
  'through PgBouncer in transaction mode (skipped if pgbouncer is not installed)',
  () => {
    test('migrations at once run whole, each on one connection of the server', async () => {
      const pooler = await startPooler(url);
      stopPooler = pooler.stop;
      // More than the pooler has to the server.
      const vault = native({ databaseUrl: pooler.url, maxConnections: 12 });
      const slugs = Array.from({ length: 24 }, newSlug);
      await Promise.all(slugs.map((slug) => vault.createTenant(slug)));
      await Promise.all(slugs.map((slug) => vault.migrateTenant(slug)));
      await byBlock.createTenant(newSlug());
      const [first, ...others] = await Promise.all(slugs.map(listing));
      for (const other of others) {
        expect(other).toEqual(first);
      }
      // A setting that outlived its transaction would be the next client's.
      const direct = new pg.Client({ connectionString: pooler.url });
      await direct.connect();
      const { rows } = await direct.query(`select current_setting('lock_timeout') as lock_timeout`);
      expect(rows).toEqual([{ lock_timeout: '0' }]);
      await direct.end();
      await vault.close();
    });
  },
);

test('a server that knows no such setting takes it for the length of a transaction', async () => {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  const read = `select current_setting('citus.enable_schema_based_sharding', true) as setting`;
  expect((await client.query(read)).rows).toEqual([{ setting: null }]);
  await client.query('begin');
  await client.query('set local citus.enable_schema_based_sharding = off');
  expect((await client.query(read)).rows).toEqual([{ setting: 'off' }]);
  await client.query('commit');
  expect((await client.query(read)).rows).toEqual([{ setting: '' }]);
  await client.end();
});
