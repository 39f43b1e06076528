// What something else in the process put on `Object.prototype` chooses nothing: not the key, not the
// database, not a vendor's host, not who may use a route.

import { createCredentialRoutes } from '@cgk-platform/integrations/routes';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFakeVendors } from '../kit/fake-vendors';
import { configureVault, KEY, newTenant, ON_EDGE, rejection, vault } from '../kit/vault';

/** `Object.prototype` of the realms of the test and of the vault, which is another one on the edge. */
const PROTOTYPES = new Set([Object.prototype, Object.getPrototypeOf(vault.SERVICE_CATALOG[0])]);

const URL_BASE = 'https://shop.example/api/admin/integrations/credentials';

let tenant: string;
let undo: (() => void)[];

beforeEach(async () => {
  undo = [];
  configureVault();
  tenant = await newTenant();
});
afterEach(() => {
  for (const step of undo.splice(0)) {
    step();
  }
  configureVault();
});

/** Puts properties on every object, until the test ends. */
function pollute(properties: Record<string, unknown>): void {
  for (const prototype of PROTOTYPES) {
    for (const [name, value] of Object.entries(properties)) {
      Object.defineProperty(prototype, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
      undo.push(() => Reflect.deleteProperty(prototype, name));
    }
  }
}

/** A driver that notes whether it was asked. */
function watchedDriver() {
  const driver = {
    asked: 0,
    async query() {
      driver.asked += 1;
      return [];
    },
  };
  return driver;
}

describe('settings', () => {
  test('the master key is that of the configuration or of the environment', async () => {
    configureVault(null);
    const injected = 'a-key-that-somebody-else-has-chosen-0123';
    pollute({ encryptionKey: injected, INTEGRATION_ENCRYPTION_KEY: injected });
    const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    expect((await rejection(save))[0]).toBe('KEY_MISSING');
    expect((await rejection(vault.encryptShopifyToken('a', undefined)))[0]).toBe('KEY_INVALID');
  });

  test('so is the database', async () => {
    const driver = watchedDriver();
    const url = 'postgresql://somebody@127.0.0.1:9/else';
    pollute({ driver, databaseUrl: url, POSTGRES_URL: url, DATABASE_URL: url });
    vault.configureIntegrations({ encryptionKey: KEY });
    expect((await rejection(vault.getTenantStripeConfig(tenant)))[0]).toBe(
      'DATABASE_NOT_CONFIGURED',
    );
    expect(driver.asked).toBe(0);
  });

  test('and the host of a vendor', async () => {
    await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
    const elsewhere = 'https://elsewhere.example';
    pollute({
      endpoints: { openai: elsewhere },
      openai: elsewhere,
      'metadata.region': 'eu',
    });
    configureVault();
    const client = await vault.requireTenantOpenAIClient(tenant);
    expect(client.baseURL).toBe('https://api.openai.com/v1');
    configureVault(KEY, { endpoints: {} });
    const other = await vault.requireTenantOpenAIClient(tenant);
    expect(other.baseURL).toBe('https://api.openai.com/v1');
  });

  test('and whether a token is for the sandbox', async () => {
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise-1' });
    pollute({ sandboxMode: 'true' });
    expect((await vault.requireTenantWiseClient(tenant)).sandboxMode).toBe(false);
  });

  test('and whether a vendor is asked, and how', async () => {
    const vendors = await startFakeVendors();
    try {
      configureVault(KEY, { endpoints: vendors.endpoints });
      pollute({ verify: true });
      await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' });
      await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' }, {});
      expect(vendors.requests).toEqual([]);
      // The edge runtime's own `fetch` stumbles over them.
      pollute(ON_EDGE ? {} : { method: 'DELETE', body: 'x' });
      const input = { secretKey: 'sk_test_right' };
      const verified = await vault.verifyTenantCredentialInput('stripe', input);
      expect(verified).toMatchObject({ valid: true });
      expect(vendors.requests).toMatchObject([{ method: 'GET', body: '' }]);
    } finally {
      await vendors.close();
    }
  });
});

test('inputs have what the caller gave', async () => {
  pollute({ secretKey: 'sk_test_else', webhookSecret: 'whsec_else', livemode: false });
  const missing = vault.saveTenantStripeConfig(tenant, {} as { secretKey: string });
  expect(await rejection(missing)).toEqual(['INPUT_INVALID', 'secretKey is required']);
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  expect(await vault.getTenantStripeWebhookSecret(tenant)).toBeNull();
});

test('results have what the database gave', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  pollute({ errorCode: 'DECRYPTION_FAILED', failingSince: 0, accountInfo: { accountId: 'else' } });
  const { services } = await vault.getCredentialHealth(tenant);
  expect(services.find(({ service }) => service === 'stripe')).toMatchObject({
    decryptable: true,
    failingSince: null,
  });
});

describe('routes', () => {
  const request = (init: RequestInit = {}) => new Request(`${URL_BASE}/stripe`, init);
  const admin = () => ({ tenantId: tenant, userId: 'u1', role: 'admin' as const });

  /** Status and body of the answer to a save. */
  async function save(options: object, headers: Record<string, string> = {}) {
    const reports: unknown[] = [];
    const onError = (report: unknown) => void reports.push(report);
    const routes = createCredentialRoutes({ authorize: admin, onError, ...options });
    const response = await routes.save(
      request({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ secretKey: 'sk_test_1' }),
      }),
    );
    return { status: response.status, json: await response.json(), reports };
  }

  test('the role and the tenant are those that authorize gave', async () => {
    pollute({ role: 'admin', tenantId: tenant });
    const member = () => ({ tenantId: tenant, userId: 'u1' });
    expect((await save({ authorize: member })).status).toBe(403);
    const nowhere = () => ({ userId: 'u1', role: 'admin' });
    expect((await save({ authorize: nowhere })).status).toBe(400);
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  });

  test('other sites are trusted where the options say so', async () => {
    const origin = 'https://else.example';
    pollute({ trustedOrigins: [origin] });
    const { status } = await save({}, { origin, 'sec-fetch-site': 'cross-site' });
    expect(status).toBe(403);
  });

  test('authorize is an option of its own', () => {
    pollute({ authorize: admin });
    expect(() => createCredentialRoutes({} as never)).toThrow(
      'createCredentialRoutes needs authorize(request)',
    );
  });

  test.each(['constructor', '__proto__', 'toString', 'INPUT_INVALID', 'DATABASE_UNAVAILABLE'])(
    'the code %s of an error of the host is none of ours: it is a 500 without its text',
    async (code) => {
      const error = Object.assign(new Error('text of the host'), { code });
      const authorize = () => {
        throw error;
      };
      const { status, json, reports } = await save({ authorize });
      expect([status, json.code, reports.length]).toEqual([500, undefined, 1]);
      expect(json.error).not.toContain('text of the host');
    },
  );

  test('a code that every error inherits makes none ours', async () => {
    pollute({ code: 'INPUT_INVALID', fields: { secretKey: 'else' } });
    const authorize = () => {
      throw new Error('text of the host');
    };
    expect((await save({ authorize })).status).toBe(500);
  });
});

describe('errors', () => {
  test('only our own are ours', async () => {
    const own = await vault.decryptToken('x', KEY).catch((error: unknown) => error);
    expect(vault.isIntegrationError(own)).toBe(true);
    expect(Object.keys(own as object)).toEqual(['code']);
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('read');
      },
      getOwnPropertyDescriptor() {
        throw new Error('read');
      },
    });
    pollute({ code: 'INPUT_INVALID' });
    for (const foreign of [
      Object.assign(new Error('ENOENT'), { code: 'ENOENT' }),
      Object.assign(new Error('x'), { code: 'INPUT_INVALID' }),
      new Error('x'),
      hostile,
      { code: 'INPUT_INVALID' },
      null,
      'INPUT_INVALID',
    ]) {
      expect(vault.isIntegrationError(foreign)).toBe(false);
    }
  });

  test('an error of a driver has no code that it did not bring', async () => {
    const query = () => Promise.reject(new Error('lost'));
    pollute({ code: '42501' });
    vault.configureIntegrations({ driver: { query }, encryptionKey: KEY });
    const isNative = vault.getBackendInfo().backend === 'native';
    expect((await rejection(vault.getTenantStripeConfig(tenant)))[0]).toBe(
      isNative ? 'DATABASE_NOT_CONFIGURED' : 'DATABASE_UNAVAILABLE',
    );
  });
});
