// What a failed statement means for who called: whether it changed something, and whether to repeat
// it. The server itself fails, on both backends.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug, sql } from '../kit/database';

const encryptionKey = 'outcome-tests-master-key-0123456789abcdef';

describe.each([
  ['native', native],
  ['wasm', wasm],
] as const)('%s', (backend, vault) => {
  const tenant = newSlug();
  const schema = `tenant_${tenant}`;
  const role = newSlug();
  const pools: pg.Pool[] = [];

  beforeAll(async () => {
    connect(databaseUrl());
    await vault.createTenant(tenant);
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise' });
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
    // Each read of Resend's row and each write of Wise's asks whether it is to fail.
    await sql(`
      create table ${schema}.faults (state text not null, calls int not null);
      create sequence ${schema}.attempts;
      create function ${schema}.fail() returns boolean language plpgsql security definer as $$
        declare fault record;
        begin
          select * into fault from ${schema}.faults;
          if found and nextval('${schema}.attempts') <= fault.calls then
            raise exception 'sk_live_quoted' using errcode = fault.state;
          end if;
          return true;
        end $$;
      create function ${schema}.fail_write() returns trigger language plpgsql as $$
        begin perform ${schema}.fail(); return new; end $$;
      create trigger fail before insert or update on ${schema}.tenant_wise_config
        for each row execute function ${schema}.fail_write();
      create policy fail on ${schema}.tenant_resend_config using (${schema}.fail());
      alter table ${schema}.tenant_resend_config enable row level security;
      create role ${role} login password '${role}';
      grant usage on schema ${schema} to ${role};
      grant select, insert, update on all tables in schema ${schema} to ${role};
    `);
    const url = new URL(databaseUrl());
    url.username = role;
    url.password = role;
    connect(url.href);
  });

  beforeEach(() => setFault());

  afterAll(async () => {
    await vault.closeIntegrations();
    await Promise.all(pools.map((pool) => pool.end()));
    await sql(`drop owned by ${role}`);
    await sql(`drop role ${role}`);
  });

  function connect(url: string, options: native.IntegrationsOptions = {}): void {
    const pool = new pg.Pool({ connectionString: url });
    // What an idle client is told: those of the tests are terminated at times.
    pool.on('error', () => {});
    pools.push(pool);
    const database = backend === 'native' ? { databaseUrl: url } : { driver: vault.pgDriver(pool) };
    vault.configureIntegrations({ ...database, encryptionKey, ...options });
  }

  /** Fails the next statements with a SQLSTATE. */
  async function setFault(state?: string, calls = 0): Promise<void> {
    await sql(`delete from ${schema}.faults; alter sequence ${schema}.attempts restart`);
    if (state !== undefined) {
      await sql(`insert into ${schema}.faults values ($1, $2)`, [state, calls]);
    }
  }

  async function attempts(): Promise<number> {
    const { rows } = await sql(
      `select case when is_called then last_value::int else 0 end as attempts from ${schema}.attempts`,
    );
    return rows[0].attempts;
  }

  test.each([
    ['40001', 'a serialization failure'],
    ['40P01', 'a deadlock'],
    ['53200', 'a lack of memory'],
    ['55P03', 'a lock that is not available'],
  ])('%s, %s: a read is repeated once', async (state) => {
    await setFault(state, 1);
    expect(await vault.getTenantResendApiKey(tenant)).toBe('re_1');
    expect(await attempts()).toBe(2);

    await setFault(state, 2);
    const error = await vault.getTenantResendApiKey(tenant).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DATABASE_BUSY', message: expect.stringContaining(state) });
    expect(String(error)).not.toContain('sk_live');
    expect(await attempts()).toBe(2);
  });

  test('40001: a write is not repeated, and the error says that nothing changed', async () => {
    await setFault('40001', 1);
    await expect(vault.saveTenantWiseConfig(tenant, { apiKey: 'new' })).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      message: expect.stringContaining('changed nothing'),
    });
    expect(await attempts()).toBe(1);
    expect(await vault.getTenantWiseApiKey(tenant)).toBe('wise');
  });

  test('53100, a full disk: has a code of its own and is not repeated', async () => {
    await setFault('53100', 2);
    const save = vault.saveTenantWiseConfig(tenant, { apiKey: 'new' });
    await expect(save).rejects.toMatchObject({
      code: 'DATABASE_FULL',
      message: expect.stringContaining('disk'),
    });
    expect(await attempts()).toBe(1);
    await expect(vault.getTenantResendApiKey(tenant)).rejects.toMatchObject({
      code: 'DATABASE_FULL',
    });
  });

  test('a session that the server ends: the read is repeated, of a write nothing is known', async () => {
    await setFault('57P01', 1);
    expect(await vault.getTenantResendApiKey(tenant)).toBe('re_1');
    await setFault('57P01', 1);
    const save = vault.saveTenantWiseConfig(tenant, { apiKey: 'new' });
    await expect(save).rejects.toMatchObject({ code: 'DATABASE_OUTCOME_UNKNOWN' });
    expect(await attempts()).toBe(1);
  });

  test('no answer in time: a read does not speak of a change, a write says that it may have happened', async () => {
    connect(databaseUrl(), { statementTimeoutMs: 300 });
    const blocker = new pg.Client({ connectionString: databaseUrl() });
    await blocker.connect();
    try {
      await blocker.query(`begin; lock table ${schema}.tenant_stripe_config`);
      const read = await vault.getTenantStripeConfig(tenant).catch((thrown: unknown) => thrown);
      expect(read).toMatchObject({ code: 'DATABASE_TIMEOUT' });
      expect(String(read)).not.toMatch(/write|chang|effect/);
      // Lets reads through: a save reads first.
      await blocker.query(
        `rollback; begin; lock table ${schema}.tenant_stripe_config in exclusive mode`,
      );
      const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
      await expect(save).rejects.toMatchObject({
        code: 'DATABASE_OUTCOME_UNKNOWN',
        message: expect.stringMatching(/not known: .*in time/),
      });
    } finally {
      await blocker.end();
    }
  });

  test('a statement that the server cancels: a write changed nothing, and the error says so', async () => {
    const url = new URL(databaseUrl());
    url.searchParams.set('options', '-c statement_timeout=300');
    connect(url.href.replaceAll('+', '%20'));
    const blocker = new pg.Client({ connectionString: databaseUrl() });
    await blocker.connect();
    try {
      await blocker.query(`begin; lock table ${schema}.tenant_stripe_config in exclusive mode`);
      const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
      await expect(save).rejects.toMatchObject({
        code: 'DATABASE_TIMEOUT',
        message: expect.stringContaining('changed nothing'),
      });
    } finally {
      await blocker.end();
    }
  });
});
