// What happens to calls when the database misbehaves.

import { createServer, type Socket } from 'node:net';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { TcpProxy } from '../kit/tcp-proxy';

const encryptionKey = 'failure-tests-master-key-0123456789abcdef';
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
  proxy.cutAnswerWhen = () => false;
});

afterAll(async () => {
  await vault.closeIntegrations();
  await proxy.close();
});

function useProxy(options: Partial<vault.IntegrationsOptions> = {}): void {
  vault.configureIntegrations({ databaseUrl: proxy.url, encryptionKey, ...options });
}

describe('an unreachable server', () => {
  test.each([
    ['a closed port', 'postgres://user:hunter2@127.0.0.1:1/db'],
    ['an unknown host', 'postgres://user:hunter2@no-such-host.invalid/db'],
  ])('%s is DATABASE_UNAVAILABLE, without the password', async (_name, url) => {
    vault.configureIntegrations({ databaseUrl: url, encryptionKey, connectTimeoutMs: 5_000 });
    for (const call of [
      () => vault.getTenantStripeConfig(tenant),
      () => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' }),
    ]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(String(error)).not.toContain('hunter2');
      expect(String(error)).toContain('POSTGRES_URL');
    }
  });

  test('a server that accepts and says nothing is given up after connectTimeoutMs', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    vault.configureIntegrations({
      databaseUrl: `postgres://user:hunter2@127.0.0.1:${port}/db`,
      encryptionKey,
      connectTimeoutMs: 200,
    });
    try {
      const call = vault.getTenantStripeConfig(tenant);
      await expect(call).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    } finally {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => silent.close(resolve));
    }
  });

  test('a wrong password and an unknown database have their words', async () => {
    const wrong = new URL(databaseUrl());
    wrong.password = 'hunter2';
    vault.configureIntegrations({ databaseUrl: wrong.href, encryptionKey });
    const refused = vault.getTenantStripeConfig(tenant);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_AUTHENTICATION' });

    const missing = new URL(databaseUrl());
    missing.pathname = '/no_such_database';
    vault.configureIntegrations({ databaseUrl: missing.href, encryptionKey });
    await expect(vault.getTenantStripeConfig(tenant)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('the database named in it does not exist'),
    });
  });
});

describe('a connection that was lost', () => {
  test('while idle, is replaced: reads and writes work at once', async () => {
    useProxy();
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    const before = proxy.connections;
    proxy.cutAll();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_2' });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_2');
    expect(proxy.connections).toBeGreaterThan(before);
  });

  test('when the server ended the session, is replaced, too', async () => {
    const url = new URL(proxy.url);
    // A name of its own: other tests have sessions on the same server.
    url.searchParams.set('application_name', 'ended-by-the-server');
    useProxy({ databaseUrl: url.href });
    await vault.getTenantStripeConfig(tenant);
    const { rowCount } = await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended-by-the-server'`,
    );
    expect(rowCount).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await vault.deleteTenantWiseConfig(tenant)).toBe(false);
    expect(await vault.getTenantWiseConfig(tenant)).toBeNull();
  });

  test('during a read, costs one retry', async () => {
    useProxy();
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_read' });
    let cuts = 0;
    proxy.cutWhen = (sent) => sent.includes('secret_key_encrypted') && cuts++ === 0;
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_read');
    expect(cuts).toBe(2);
  });

  test('during a read, is retried only once', async () => {
    useProxy();
    let cuts = 0;
    proxy.cutWhen = (sent) => {
      const cut = sent.includes('tenant_stripe_config');
      cuts += cut ? 1 : 0;
      return cut;
    };
    const read = vault.getTenantStripeConfig(tenant);
    await expect(read).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(cuts).toBe(2);
  });

  test('before a save arrives: nothing is stored, nothing is repeated, the next call works', async () => {
    useProxy();
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_before',
      webhookSecret: 'wh_before',
    });
    let saves = 0;
    proxy.cutWhen = (sent) => {
      const save = sent.includes('insert into');
      saves += save ? 1 : 0;
      return save;
    };
    const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_x', webhookSecret: 'wh_x' });
    await expect(save).rejects.toMatchObject({ code: 'DATABASE_OUTCOME_UNKNOWN' });
    expect(saves).toBe(1);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_before');
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('wh_before');
  });

  test('after a save happened: the row is whole, and the save is not repeated', async () => {
    useProxy();
    await vault.deleteTenantStripeConfig(tenant);
    let saves = 0;
    proxy.cutAnswerWhen = (sent) => {
      const save = sent.includes('insert into');
      saves += save ? 1 : 0;
      return save;
    };
    const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_y', webhookSecret: 'wh_y' });
    await expect(save).rejects.toMatchObject({ code: 'DATABASE_OUTCOME_UNKNOWN' });
    expect(saves).toBe(1);
    proxy.cutAnswerWhen = () => false;
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_y');
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('wh_y');
  });
});

describe('a server that refuses', () => {
  test('writes because it is read-only', async () => {
    const url = new URL(databaseUrl());
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    vault.configureIntegrations({ databaseUrl: url.href.replaceAll('+', '%20'), encryptionKey });
    const save = vault.saveTenantWiseConfig(tenant, { apiKey: 'wise' });
    await expect(save).rejects.toMatchObject({ code: 'DATABASE_READ_ONLY' });
    const record = vault.updateWiseConfigVerification(tenant, true);
    await expect(record).rejects.toMatchObject({ code: 'DATABASE_READ_ONLY' });
    expect(await vault.getTenantWiseConfig(tenant)).toBeNull();
  });

  test('to answer in time: the statement is cancelled and its connection given up', async () => {
    vault.configureIntegrations({
      databaseUrl: databaseUrl(),
      encryptionKey,
      statementTimeoutMs: 300,
    });
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
    const pg = await import('pg');
    const blocker = new pg.default.Client({ connectionString: databaseUrl() });
    await blocker.connect();
    try {
      await blocker.query(`begin; lock table tenant_${tenant}.tenant_resend_config`);
      const read = vault.getTenantResendApiKey(tenant);
      await expect(read).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' });
      const { rows } = await sql(
        `select count(*)::int from pg_stat_activity
         where application_name like 'cgk-integrations/%' and state = 'active' and query like $1`,
        [`%tenant_${tenant}%`],
      );
      expect(rows).toEqual([{ count: 0 }]);
      await blocker.query('rollback');
    } finally {
      await blocker.end();
    }
    expect(await vault.getTenantResendApiKey(tenant)).toBe('re_1');
  });

  test('more connections than the pool may open: calls wait for their turn', async () => {
    useProxy({ maxConnections: 2 });
    const before = proxy.connections;
    const reads = Array.from({ length: 50 }, () => vault.getTenantWiseConfig(tenant));
    expect(new Set(await Promise.all(reads))).toEqual(new Set([null]));
    expect(proxy.connections - before).toBeLessThanOrEqual(2);
  });
});

test.each([
  ['not a URL', 'hunter2'],
  ['another database', 'mysql://user:hunter2@127.0.0.1/db'],
  ['a bad port', 'postgres://user:hunter2@127.0.0.1:port/db'],
  ['a bad sslmode', 'postgres://user@127.0.0.1/db?sslmode=hunter2'],
  [
    'a root certificate that does not exist',
    'postgres://user:hunter2@127.0.0.1/db?sslmode=verify-ca&sslrootcert=/hunter2',
  ],
])('a URL that is wrong (%s) is told without being shown', async (_name, url) => {
  vault.configureIntegrations({ databaseUrl: url, encryptionKey });
  const error = await vault.getTenantStripeConfig(tenant).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(String(error)).not.toContain('hunter2');
});
