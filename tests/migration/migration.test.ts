import * as vault from '@cgk-platform/integrations';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug, sql } from '../kit/database';

const TABLES = [
  'tenant_api_credentials',
  'tenant_resend_config',
  'tenant_stripe_config',
  'tenant_wise_config',
];

const encryptionKey = vault.generateEncryptionKey();

beforeAll(() => vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey }));
afterAll(() => vault.closeIntegrations());

/** What the catalog of the server knows of a tenant's schema. */
async function describeSchema(slug: string): Promise<unknown> {
  const schema = `tenant_${slug}`;
  const columns = await sql(
    `select table_name, column_name, data_type, is_nullable, column_default
     from information_schema.columns where table_schema = $1 order by 1, 2`,
    [schema],
  );
  const indexes = await sql(
    `select replace(indexdef, $1, 'tenant') from pg_indexes where schemaname = $1 order by 1`,
    [schema],
  );
  const triggers = await sql(
    `select trigger_name, action_statement from information_schema.triggers
     where trigger_schema = $1 order by 1`,
    [schema],
  );
  return [columns.rows, indexes.rows, triggers.rows];
}

describe('migrateTenant', () => {
  test('makes the four tables of the contract, those of events, and records itself', async () => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    await vault.migrateTenant(slug);

    const { rows: tables } = await sql(
      'select table_name from information_schema.tables where table_schema = $1 order by 1',
      [`tenant_${slug}`],
    );
    const events = ['tenant_credential_events', 'tenant_credential_states'];
    const expected = ['schema_migrations', ...TABLES, ...events].sort();
    expect(tables.map((row) => row.table_name)).toEqual(expected);

    const { rows: applied } = await sql(
      `select version, name from tenant_${slug}.schema_migrations`,
    );
    expect(applied).toEqual([{ version: 38, name: 'tenant_integration_config' }]);

    const { rows: triggers } = await sql(
      'select trigger_name from information_schema.triggers where trigger_schema = $1 order by 1',
      [`tenant_${slug}`],
    );
    expect(triggers.map((row) => row.trigger_name)).toEqual(
      TABLES.map((table) => `${table}_updated_at`),
    );

    const { rows: partial } = await sql(
      `select indexname from pg_indexes where schemaname = $1 and indexdef like '%WHERE is_active' order by 1`,
      [`tenant_${slug}`],
    );
    expect(partial.map((row) => row.indexname)).toEqual(
      TABLES.map((table) => `idx_${table}_active`),
    );
  });

  test('is idempotent, also without its record, and keeps the data', async () => {
    const slug = newSlug();
    await vault.createTenant(slug);
    await vault.saveTenantStripeConfig(slug, { secretKey: 'sk_kept' });
    const before = await describeSchema(slug);

    await vault.migrateTenant(slug);
    await sql(`delete from tenant_${slug}.schema_migrations`);
    await vault.migrateTenant(slug);
    await vault.createTenant(slug);

    expect(await describeSchema(slug)).toEqual(before);
    expect(await vault.getTenantStripeSecretKey(slug)).toBe('sk_kept');
    const { rows } = await sql(`select count(*)::int from tenant_${slug}.schema_migrations`);
    expect(rows).toEqual([{ count: 1 }]);
  });

  test.each([
    ['integer', 'tenant_integration_config'],
    ['integer', '038_tenant_integration_config'],
    ['text', '038_tenant_integration_config.sql'],
  ])("honours the platform's record with a version of type %s", async (type, name) => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    await sql(
      `create table tenant_${slug}.schema_migrations
       (version ${type} not null, name text primary key, applied_at timestamptz default now())`,
    );
    await sql(
      `insert into tenant_${slug}.schema_migrations (version, name) values ('38', '${name}')`,
    );
    await vault.migrateTenant(slug);
    const { rows } = await sql(`select version::text, name from tenant_${slug}.schema_migrations`);
    expect(rows).toEqual([{ version: '38', name }]);
  });

  test("records itself in the platform's table whatever the type of its version", async () => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    await sql(
      `create table tenant_${slug}.schema_migrations
       (version integer not null, name text primary key, applied_at timestamptz default now())`,
    );
    await vault.migrateTenant(slug);
    const { rows } = await sql(`select version from tenant_${slug}.schema_migrations`);
    expect(rows).toEqual([{ version: 38 }]);
  });

  test('is safe when many run at once', async () => {
    const slugs = [newSlug(), newSlug()];
    await Promise.all(slugs.map((slug) => sql(`create schema tenant_${slug}`)));
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => vault.migrateTenant(slugs[n % 2] ?? '')),
    );
    for (const slug of slugs) {
      const { rows } = await sql(`select count(*)::int from tenant_${slug}.schema_migrations`);
      expect(rows).toEqual([{ count: 1 }]);
    }
  });

  test('leaves nothing behind when it fails half-way', async () => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    // The third table can not be made: something else has its name.
    await sql(`create view tenant_${slug}.tenant_wise_config as select 1 as x`);
    await expect(vault.migrateTenant(slug)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    const { rows } = await sql(
      'select table_name from information_schema.tables where table_schema = $1',
      [`tenant_${slug}`],
    );
    expect(rows.map((row) => row.table_name)).toEqual(['tenant_wise_config']);
  });

  test('completes a schema that the platform has half migrated, which until then fails its own calls only', async () => {
    const [half, whole] = [newSlug(), newSlug()];
    await Promise.all([vault.createTenant(half), vault.createTenant(whole)]);
    await vault.saveTenantStripeConfig(half, { secretKey: 'sk_kept' });
    await sql(`drop table tenant_${half}.tenant_wise_config`);
    await expect(vault.getTenantWiseConfig(half)).rejects.toMatchObject({
      code: 'TENANT_NOT_FOUND',
      message: expect.stringContaining(`migrate --tenant ${half}`),
    });
    expect(await vault.getTenantStripeSecretKey(half)).toBe('sk_kept');
    expect(await vault.getTenantWiseConfig(whole)).toBeNull();
    await vault.migrateTenant(half);
    expect(await vault.getTenantWiseConfig(half)).toBeNull();
    expect(await vault.getTenantStripeSecretKey(half)).toBe('sk_kept');
  });

  test('needs the schema', async () => {
    const slug = newSlug();
    await expect(vault.migrateTenant(slug)).rejects.toMatchObject({
      code: 'TENANT_NOT_FOUND',
      // Not the very command that has just failed.
      message: expect.stringMatching(`^There is no schema tenant_${slug}: .*createTenant`),
    });
  });

  test('the trigger keeps updated_at, and a function of the platform is not replaced', async () => {
    const slug = newSlug();
    await vault.createTenant(slug);
    const before = await sql(
      `select prosrc from pg_proc where proname = 'update_updated_at_column'`,
    );
    await sql(
      `create or replace function public.update_updated_at_column() returns trigger
       language plpgsql as 'begin new.updated_at = now(); return new; end /* platform */'`,
    );
    try {
      await vault.createTenant(newSlug());
      const { rows } = await sql(
        `select prosrc from pg_proc where proname = 'update_updated_at_column'`,
      );
      expect(rows[0].prosrc).toContain('platform');
      await vault.saveTenantResendConfig(slug, { apiKey: 're_1' });
      await sql(`update tenant_${slug}.tenant_resend_config set updated_at = 'epoch'`);
      const config = await vault.getTenantResendConfig(slug);
      expect(config?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    } finally {
      await sql(
        `create or replace function public.update_updated_at_column() returns trigger
         language plpgsql as $body$${before.rows[0].prosrc}$body$`,
      );
    }
  });
});

test('a user without privileges is told so, and nothing is changed', async () => {
  const slug = newSlug();
  await vault.createTenant(slug);
  await sql(`create role ${slug} login password 'secret'`);
  const url = new URL(databaseUrl());
  url.username = slug;
  url.password = 'secret';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.end();

  vault.configureIntegrations({
    databaseUrl: url.href,
    encryptionKey: vault.generateEncryptionKey(),
  });
  try {
    const denied = { code: 'PERMISSION_DENIED' };
    await expect(vault.getTenantStripeConfig(slug)).rejects.toMatchObject(denied);
    const save = vault.saveTenantStripeConfig(slug, { secretKey: 'sk_1' });
    await expect(save).rejects.toMatchObject(denied);
    await expect(vault.createTenant(newSlug())).rejects.toMatchObject(denied);
  } finally {
    vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey });
  }
});

describe('a table of migrations that is somebody else’s', () => {
  test.each([
    ['dbmate', 'version varchar(128) primary key', "('20240101000000')"],
    ['golang-migrate', 'version bigint not null primary key, dirty boolean not null', '(7, false)'],
    ['Ecto', 'version bigint primary key, inserted_at timestamp(0)', '(20240101000000, now())'],
    [
      'with columns that we know nothing of',
      'version integer, name text, checksum text not null',
      "(1, 'first', 'x')",
    ],
    ['whose number is taken', 'version integer primary key, name text', "(38, 'something')"],
    ['whose version is a time', 'version timestamptz primary key, name text', "(now(), 'first')"],
  ])('%s does not stand in the way', async (_name, columns, row) => {
    const slug = newSlug();
    const table = `tenant_${slug}.schema_migrations`;
    await sql(`create schema tenant_${slug}; create table ${table} (${columns})`);
    await sql(`insert into ${table} values ${row}`);
    const before = (await sql(`select * from ${table}`)).rows;
    await vault.migrateTenant(slug);
    await vault.saveTenantStripeConfig(slug, { secretKey: 'sk_kept' });
    await vault.migrateTenant(slug);
    expect(await vault.getTenantStripeSecretKey(slug)).toBe('sk_kept');
    expect((await sql(`select * from ${table}`)).rows).toEqual(before);
  });
});

test('an open transaction in one tenant does not hold up another one', async () => {
  const [busy, free] = [newSlug(), newSlug()];
  await vault.createTenant(busy);
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(`begin; lock table tenant_${busy}.tenant_stripe_config`);
    await sql(`delete from tenant_${busy}.schema_migrations`);
    const waiting = vault.migrateTenant(busy).catch((error) => error);
    await vault.createTenant(free);
    // Before the lock is given up: it waits for five seconds.
    await client.query('rollback');
    expect(await waiting).toBeUndefined();
  } finally {
    await client.end();
  }
});
