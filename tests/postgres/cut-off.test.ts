// How soon a process stops using a credential that another one changed.

import {
  createIntegrations,
  type Integrations,
  type IntegrationsOptions,
} from '@cgk-platform/integrations/native';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { describeWithPooler, startPooler } from '../kit/pooler';
import { TcpProxy } from '../kit/tcp-proxy';
import { until } from '../kit/until';

const HOUR_MS = 60 * 60_000;

let vaults: Integrations[];
let tenant: string;
/** Changes credentials; in another process it would be the same. */
let other: Integrations;
let warnings: unknown[];

beforeEach(async () => {
  vaults = [];
  warnings = [];
  jest.spyOn(process, 'emitWarning').mockImplementation(((_: string, options: object) => {
    warnings.push(options);
  }) as never);
  tenant = newSlug();
  other = open({ listenUrl: databaseUrl() });
  await other.createTenant(tenant);
  await save('sk-ant-1');
});
afterEach(async () => {
  await Promise.all(vaults.map((vault) => vault.close()));
  jest.restoreAllMocks();
});

function open(options: IntegrationsOptions): Integrations {
  const vault = createIntegrations({
    databaseUrl: databaseUrl(),
    encryptionKey: 'ab'.repeat(32),
    tokenFormat: 'v2',
    events: true,
    ...options,
  });
  vaults.push(vault);
  return vault;
}

const save = (apiKey: string) => other.saveTenantCredential(tenant, 'anthropic', { apiKey });

const keyOf = async (vault: Integrations) => (await vault.getTenantAnthropicClient(tenant))?.apiKey;

/** How many sessions listen. */
async function listening(): Promise<number> {
  const { rows } = await sql(
    `select 1 from pg_stat_activity where query = 'listen cgk_integrations'`,
  );
  return rows.length;
}

describe('with listenUrl', () => {
  test('a change of another process is seen at once, whatever may be stale', async () => {
    const vault = open({ listenUrl: databaseUrl(), maxStaleMs: HOUR_MS });
    expect(await keyOf(vault)).toBe('sk-ant-1');
    await until(async () => (await listening()) > 0);
    for (let count = 2; count < 12; count += 1) {
      await save(`sk-ant-${count}`);
      await until(async () => (await keyOf(vault)) === `sk-ant-${count}`);
    }
    await other.deleteTenantCredential(tenant, 'anthropic');
    await until(async () => (await keyOf(vault)) === undefined);
    expect(warnings).toEqual([]);
  });

  test('a change of another tenant or service leaves the client as it is', async () => {
    const vault = open({ listenUrl: databaseUrl(), maxStaleMs: HOUR_MS });
    await keyOf(vault);
    await until(async () => (await listening()) > 0);
    await save('sk-ant-2');
    await until(async () => (await keyOf(vault)) === 'sk-ant-2');
    const client = await vault.getTenantAnthropicClient(tenant);
    await other.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-1' });
    const rawdog = newSlug();
    await other.createTenant(rawdog);
    await other.saveTenantCredential(rawdog, 'anthropic', { apiKey: 'sk-ant-9' });
    // Notifications come in order: once a later one was heard, the others were.
    await vault.getTenantOpenAIClient(tenant);
    await other.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-2' });
    await until(async () => (await vault.getTenantOpenAIClient(tenant))?.apiKey === 'sk-2');
    expect(await vault.getTenantAnthropicClient(tenant)).toBe(client);
  });

  test('after a lost connection it listens again, and what it missed is not stale', async () => {
    const proxy = await TcpProxy.start(databaseUrl());
    const vault = open({ listenUrl: proxy.url, maxStaleMs: HOUR_MS });
    await keyOf(vault);
    await until(() => proxy.connections === 2 && proxy.open === 1);
    await save('sk-ant-2');
    await until(async () => (await keyOf(vault)) === 'sk-ant-2');
    proxy.cutAll();
    await save('sk-ant-3');
    await until(async () => (await keyOf(vault)) === 'sk-ant-3');
    await until(() => proxy.connections > 3 && proxy.open === 1);
    await save('sk-ant-4');
    await until(async () => (await keyOf(vault)) === 'sk-ant-4');
    await vault.close();
    await proxy.close();
  });
});

describeWithPooler('with the URL of PgBouncer (skipped if pgbouncer is not installed)', () => {
  test('it warns, and changes are found by asking', async () => {
    const pooler = await startPooler();
    const vault = open({ listenUrl: pooler.url, maxStaleMs: 50 });
    await keyOf(vault);
    await until(() => warnings.length > 0);
    expect(warnings).toMatchObject([{ code: 'LISTEN_UNSUPPORTED' }]);
    await save('sk-ant-2');
    await until(async () => (await keyOf(vault)) === 'sk-ant-2');
    await vault.close();
    pooler.stop();
  });
});

describe('without', () => {
  test('maxStaleMs 0 asks on every call', async () => {
    const vault = open({ maxStaleMs: 0 });
    for (let count = 2; count < 8; count += 1) {
      await save(`sk-ant-${count}`);
      expect(await keyOf(vault)).toBe(`sk-ant-${count}`);
    }
  });

  test('a client is used for maxStaleMs, and revokeAllClients ends that', async () => {
    const vault = open({ maxStaleMs: HOUR_MS });
    expect(await keyOf(vault)).toBe('sk-ant-1');
    await save('sk-ant-2');
    expect(await keyOf(vault)).toBe('sk-ant-1');
    vault.revokeAllClients();
    expect(await keyOf(vault)).toBe('sk-ant-2');
  });

  test.each([
    [false, 'sk-ant-1'],
    [true, undefined],
  ])('where the database does not answer and failClosed is %s', async (failClosed, expected) => {
    const proxy = await TcpProxy.start(databaseUrl());
    const vault = open({ databaseUrl: proxy.url, maxStaleMs: 0, failClosed });
    expect(await keyOf(vault)).toBe('sk-ant-1');
    await proxy.close();
    const now = await keyOf(vault).catch(() => undefined);
    expect(now).toBe(expected);
  });

  test.each([
    [{ maxStaleMs: -1 }],
    [{ maxStaleMs: 1.5 }],
    [{ failClosed: 'yes' }],
    [{ listenUrl: 7 }],
  ])('%j is refused', (options) => {
    expect(() => open(options as never)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
