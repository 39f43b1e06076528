// The pool of the native backend: dead connections, the server's limit, and connections that get old.

import * as vault from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { inputFor, startFakeVendors } from '../kit/fake-vendors';
import { TcpProxy } from '../kit/tcp-proxy';
import { until } from '../kit/until';

const encryptionKey = 'pool-tests-master-key-0123456789abcdef';
let proxy: TcpProxy;
let tenant: string;

beforeAll(async () => {
  proxy = await TcpProxy.start(databaseUrl());
  tenant = newSlug();
  vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey });
  await vault.createTenant(tenant);
});

afterEach(() => {
  proxy.cutWhen = () => false;
});

afterAll(async () => {
  await vault.closeIntegrations();
  await proxy.close();
});

const read = () => vault.getTenantWiseConfig(tenant);

function reads(count: number): Promise<unknown[]> {
  return Promise.all(Array.from({ length: count }, read));
}

/** A URL whose sessions can be told from those of other tests. */
function namedUrl(name: string, base = databaseUrl()): string {
  const url = new URL(base);
  url.searchParams.set('application_name', name);
  return url.href;
}

async function sessions(name: string): Promise<number> {
  const { rows } = await sql(
    'select count(*)::int from pg_stat_activity where application_name = $1',
    [name],
  );
  return rows[0].count;
}

describe('dead connections', () => {
  test('after a failover no read fails, however many connections died', async () => {
    const name = newSlug();
    vault.configureIntegrations({
      databaseUrl: namedUrl(name),
      encryptionKey,
      maxConnections: 8,
    });
    for (let round = 0; round < 20; round += 1) {
      await reads(8);
      await sql(
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
        [name],
      );
      expect(await reads(12)).toEqual(Array(12).fill(null));
    }
  });

  test('a lost connection: the read is repeated on a new one, and no idle one is used again', async () => {
    vault.configureIntegrations({ databaseUrl: proxy.url, encryptionKey, maxConnections: 4 });
    await reads(4);
    const before = proxy.connections;
    let cuts = 0;
    proxy.cutWhen = (sent) => sent.includes('tenant_wise_config') && cuts++ === 0;
    expect(await read()).toBeNull();
    expect(proxy.connections).toBe(before + 1);
    await until(() => proxy.open === 1);
    expect(await read()).toBeNull();
    expect(proxy.connections).toBe(before + 1);
  });

  test('connections that lead nowhere cost one time-out, not one each', async () => {
    vault.configureIntegrations({
      databaseUrl: proxy.url,
      encryptionKey,
      maxConnections: 4,
      statementTimeoutMs: 500,
    });
    await reads(4);
    proxy.forgetAll();
    await expect(read()).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' });
    for (let call = 0; call < 4; call += 1) {
      expect(await read()).toBeNull();
    }
  });
});

test('a statement that takes too long costs its own connection, and not those of other tenants', async () => {
  const name = newSlug();
  vault.configureIntegrations({
    databaseUrl: namedUrl(name),
    encryptionKey,
    statementTimeoutMs: 300,
  });
  const pids = async () => {
    const text = 'select pid from pg_stat_activity where application_name = $1 order by pid';
    return (await sql(text, [name])).rows.map(({ pid }) => pid);
  };
  const blocked = newSlug();
  await vault.createTenant(blocked);
  const locker = new pg.Client({ connectionString: databaseUrl() });
  await locker.connect();
  try {
    await locker.query(`begin; lock table tenant_${blocked}.tenant_wise_config`);
    await until(async () => (await reads(3)) && (await pids()).length === 3);
    const before = await pids();
    const slow = vault.getTenantWiseConfig(blocked);
    await expect(slow).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' });
    await until(async () => (await pids()).length < 3);
    await read();
    const after = await pids();
    expect(after).toHaveLength(2);
    expect(before).toEqual(expect.arrayContaining(after));
  } finally {
    await locker.end();
  }
});

describe("the server's limit of connections", () => {
  const role = newSlug();
  const limit = 2;

  beforeAll(async () => {
    await sql(`create role ${role} login password '${role}' connection limit ${limit}`);
    await sql(`grant usage on schema tenant_${tenant} to ${role}`);
    await sql(`grant select, insert, update on all tables in schema tenant_${tenant} to ${role}`);
  });

  afterAll(async () => {
    await vault.closeIntegrations();
    await sql(`drop owned by ${role}`);
    await sql(`drop role ${role}`);
  });

  function roleUrl(base = databaseUrl()): string {
    const url = new URL(base);
    url.username = role;
    url.password = role;
    return url.href;
  }

  /** Takes every connection that the role may have. */
  async function takeAll(): Promise<pg.Client[]> {
    const clients = Array.from(
      { length: limit },
      () => new pg.Client({ connectionString: roleUrl() }),
    );
    for (const client of clients) {
      await until(async () => {
        const { rows } = await sql(
          'select count(*)::int from pg_stat_activity where usename = $1',
          [role],
        );
        return rows[0].count < limit;
      });
      await client.connect();
    }
    return clients;
  }

  test('lower than maxConnections: calls wait for a connection of our own', async () => {
    vault.configureIntegrations({
      databaseUrl: roleUrl(proxy.url),
      encryptionKey,
      maxConnections: 8,
    });
    const before = proxy.connections;
    expect(await reads(100)).toEqual(Array(100).fill(null));
    const saves = Array.from({ length: 20 }, (_, n) =>
      vault.saveTenantWiseConfig(tenant, { apiKey: `wise_${n}` }),
    );
    await Promise.all(saves);
    // Each place beyond the limit is asked for once, not by every call.
    expect(proxy.connections - before).toBeLessThanOrEqual(8 + limit);
  });

  test('reached by others: a call waits for them and says so where that is in vain', async () => {
    await vault.closeIntegrations();
    const others = await takeAll();
    try {
      const settings = { databaseUrl: roleUrl(proxy.url), encryptionKey };
      vault.configureIntegrations({ ...settings, connectTimeoutMs: 3_000 });
      await expect(read()).rejects.toMatchObject({
        code: 'DATABASE_UNAVAILABLE',
        message: expect.stringContaining('no free connections'),
      });
      vault.configureIntegrations(settings);
      const before = proxy.connections;
      const waiting = read();
      await until(() => proxy.connections > before);
      await others.pop()?.end();
      expect(await waiting).toMatchObject({ tenantId: tenant });
    } finally {
      await Promise.all(others.map((client) => client.end()));
    }
  });
});

test('a connection that is not used for idleTimeoutMs is closed', async () => {
  const name = newSlug();
  vault.configureIntegrations({ databaseUrl: namedUrl(name), encryptionKey, idleTimeoutMs: 50 });
  await read();
  await until(async () => (await sessions(name)) === 0);
  await read();
});

test('no connection is held while a vendor is asked', async () => {
  const vendors = await startFakeVendors();
  vault.configureIntegrations({
    databaseUrl: databaseUrl(),
    encryptionKey,
    maxConnections: 1,
    connectTimeoutMs: 3_000,
    endpoints: vendors.endpoints,
  });
  let inBetween: unknown = 'nothing';
  vendors.beforeAnswer = async () => {
    inBetween = await vault.getTenantStripeConfig(tenant).catch((error) => error);
  };
  await vault.saveTenantCredential(tenant, 'stripe', inputFor('stripe'), { verify: true });
  expect(inBetween).toBeNull();
  await vendors.close();
});

describe('maxLifetimeMs', () => {
  test('renews a connection that is never idle for long', async () => {
    const name = newSlug();
    vault.configureIntegrations({
      databaseUrl: namedUrl(name, proxy.url),
      encryptionKey,
      maxConnections: 1,
      maxLifetimeMs: 20,
    });
    const before = proxy.connections;
    for (let call = 0; call < 5; call += 1) {
      await read();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(proxy.connections - before).toBe(5);
    await until(async () => (await sessions(name)) <= 1);
  });

  test('is long by default: calls share a connection', async () => {
    vault.configureIntegrations({ databaseUrl: proxy.url, encryptionKey, maxConnections: 1 });
    const before = proxy.connections;
    await reads(20);
    expect(proxy.connections - before).toBe(1);
  });
});
