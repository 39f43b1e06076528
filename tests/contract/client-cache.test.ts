import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, sql } from '../kit/database';
import { configureVault, KEY, newTenant, ON_EDGE, optionsFor, schemaOf, vault } from '../kit/vault';

let tenant: string;

beforeEach(async () => {
  configureVault();
  tenant = await newTenant();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The key of the tenant's client. */
async function keyOf(slug = tenant): Promise<string | undefined> {
  return (await vault.getTenantOpenAIClient(slug))?.apiKey ?? undefined;
}

function saveKey(apiKey: string, slug = tenant) {
  return vault.saveTenantApiCredential(slug, { serviceName: 'openai', apiKey });
}

/** Moves the clock by minutes. */
function later(minutes: number): void {
  const now = Date.now() + minutes * 60_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
}

/** Changes the row as another process does. */
async function changeElsewhere(apiKey: string): Promise<void> {
  const token = await vault.encryptToken(apiKey, KEY);
  await sql(`update ${schemaOf(tenant)}.tenant_api_credentials set api_key_encrypted = '${token}'`);
}

describe('a client is kept', () => {
  test('for five minutes', async () => {
    await saveKey('sk-1');
    const client = await vault.getTenantOpenAIClient(tenant);
    later(4.9);
    expect(await vault.getTenantOpenAIClient(tenant)).toBe(client);
    later(5.1);
    expect(await vault.getTenantOpenAIClient(tenant)).not.toBe(client);
  });

  test('until it is cleared', async () => {
    await saveKey('sk-1');
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise_1' });
    const clients = () =>
      Promise.all([
        vault.getTenantStripeClient(tenant),
        vault.getTenantResendClient(tenant),
        vault.getTenantWiseClient(tenant),
        vault.getTenantOpenAIClient(tenant),
      ]);
    const cases: [() => void, number[]][] = [
      [() => vault.clearTenantStripeClientCache(tenant), [0]],
      [() => vault.clearAllStripeClientCache(), [0]],
      [() => vault.clearTenantResendClientCache(tenant), [1]],
      [() => vault.clearAllResendClientCache(), [1]],
      [() => vault.clearTenantWiseCache(tenant), [2]],
      [() => vault.clearAllWiseCache(), [2]],
      [() => vault.clearTenantServiceCache(tenant, 'openai'), [3]],
      [() => vault.clearTenantAllServicesCache(tenant), [3]],
      [() => vault.clearAllServicesCache(), [3]],
      [() => vault.clearTenantStripeClientCache('another'), []],
      [() => vault.clearTenantServiceCache(tenant, 'mux'), []],
      [() => vault.clearTenantAllServicesCache('another'), []],
    ];
    for (const [clear, cleared] of cases) {
      const before = await clients();
      expect(clear()).toBeUndefined();
      const after = await clients();
      const changed = after.flatMap((client, i) => (client === before[i] ? [] : [i]));
      expect([clear.toString(), changed]).toEqual([clear.toString(), cleared]);
    }
  });

  test('while a lock keeps the database from saying whether it was changed', async () => {
    await saveKey('sk-1');
    const url = new URL(databaseUrl());
    url.searchParams.set('options', '--lock_timeout=100');
    const impatient = vault.createIntegrations({ ...optionsFor(url.href), encryptionKey: KEY });
    const blocker = new pg.Client({ connectionString: databaseUrl() });
    await blocker.connect();
    try {
      const client = await impatient.getTenantOpenAIClient(tenant);
      await blocker.query(`begin; lock table ${schemaOf(tenant)}.tenant_api_credentials`);
      await expect(impatient.getTenantApiKey(tenant, 'openai')).rejects.toMatchObject({
        code: 'DATABASE_BUSY',
      });
      later(0.2);
      expect(await impatient.getTenantOpenAIClient(tenant)).toBe(client);
      await blocker.query('rollback');
      await changeElsewhere('sk-2');
      later(0.4);
      expect((await impatient.getTenantOpenAIClient(tenant))?.apiKey).toBe('sk-2');
    } finally {
      await blocker.end();
      await impatient.close();
    }
  });

  test('but neither "not configured" nor an error is', async () => {
    expect(await keyOf()).toBeUndefined();
    await saveKey('sk-1');
    expect(await keyOf()).toBe('sk-1');
    configureVault('another-master-key-0123456789abcdef');
    await expect(keyOf()).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    configureVault();
    expect(await keyOf()).toBe('sk-1');
  });
});

describe('a change takes effect', () => {
  test('at once when it is made here', async () => {
    await saveKey('sk-1');
    expect(await keyOf()).toBe('sk-1');
    await saveKey('sk-2');
    expect(await keyOf()).toBe('sk-2');
    await vault.deleteTenantApiCredential(tenant, 'openai');
    expect(await keyOf()).toBeUndefined();
  });

  test('within seconds when it is made by another process (fault 12)', async () => {
    await saveKey('sk-1');
    expect(await keyOf()).toBe('sk-1');
    await changeElsewhere('sk-2');
    later(0.2);
    const burst = await Promise.all(Array.from({ length: 10 }, () => keyOf()));
    expect(new Set(burst)).toEqual(new Set(['sk-2']));
    await sql(`update ${schemaOf(tenant)}.tenant_api_credentials set is_active = false`);
    later(0.4);
    expect(await keyOf()).toBeUndefined();
  });

  test('at once when the master key changes in the environment', async () => {
    const before = process.env.INTEGRATION_ENCRYPTION_KEY;
    process.env.INTEGRATION_ENCRYPTION_KEY = KEY;
    configureVault(null);
    await saveKey('sk-1');
    expect(await keyOf()).toBe('sk-1');
    process.env.INTEGRATION_ENCRYPTION_KEY = 'another-master-key-0123456789abcdef';
    await expect(keyOf()).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    if (before === undefined) {
      delete process.env.INTEGRATION_ENCRYPTION_KEY;
    } else {
      process.env.INTEGRATION_ENCRYPTION_KEY = before;
    }
  });
});

test('fault 8: what reads and saves race for, the last save wins', async () => {
  for (let round = 0; round < 20; round += 1) {
    const reads = Array.from({ length: 5 }, () => keyOf());
    const save = saveKey(`sk-${round}`);
    reads.push(...Array.from({ length: 5 }, () => keyOf()));
    await save;
    expect(await keyOf()).toBe(`sk-${round}`);
    await Promise.all(reads);
    expect(await keyOf()).toBe(`sk-${round}`);
  }
});

test('a client of one tenant is never returned for another', async () => {
  const tenants = await Promise.all(Array.from({ length: 25 }, () => newTenant()));
  await Promise.all(tenants.map((slug) => saveKey(`sk-${slug}`, slug)));
  // On the edge each first call is a request of its own.
  const calls = Array.from({ length: ON_EDGE ? 500 : 5_000 }, async (_, i) => {
    const slug = tenants[(i * 7) % tenants.length] as string;
    if (i % 97 === 0) {
      vault.clearTenantAllServicesCache(slug);
    }
    if (i % 1_009 === 0) {
      await saveKey(`sk-${slug}`, slug);
    }
    return [await keyOf(slug), `sk-${slug}`];
  });
  for (const [key, expected] of await Promise.all(calls)) {
    expect(key).toBe(expected);
  }
});
