// Several configurations in one process: each `createIntegrations` is a vault of its own, and none of
// them is the default one.

import type { Integrations, TenantScope, TenantService } from '@cgk-platform/integrations';
import { createCredentialRoutes } from '@cgk-platform/integrations/routes';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { databaseUrl, newDatabase, newSlug, sql } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { SERVICE_IDS, SERVICES } from '../kit/services';
import { configureVault, endPools, KEY, optionsFor, rejection, vault } from '../kit/vault';
import { SIGNERS } from '../kit/webhook-signers';

const OTHER_KEY = 'another-master-key-0123456789abcdef0123';
const OTHER_DATABASE = `other_${newSlug()}`;

let vendors: FakeVendors;
let otherVendors: FakeVendors;
let one: Integrations;
let other: Integrations;
/** Both databases have it. */
let tenant: string;
let otherUrl: string;

beforeAll(async () => {
  configureVault();
  otherUrl = await newDatabase(OTHER_DATABASE);
  [vendors, otherVendors] = await Promise.all([startFakeVendors(), startFakeVendors()]);
  one = vault.createIntegrations({
    ...optionsFor(databaseUrl()),
    encryptionKey: KEY,
    endpoints: vendors.endpoints,
  });
  other = vault.createIntegrations({
    ...optionsFor(otherUrl),
    encryptionKey: OTHER_KEY,
    endpoints: otherVendors.endpoints,
  });
});
beforeEach(async () => {
  configureVault();
  tenant = newSlug();
  await Promise.all([one.createTenant(tenant), other.createTenant(tenant)]);
});
afterAll(async () => {
  await Promise.all([one, other].map((instance) => instance.close()));
  await endPools();
  await Promise.all([vendors.close(), otherVendors.close()]);
  await sql(`drop database ${OTHER_DATABASE} with (force)`);
});

/** Saves credentials that their vendors accept, or not. */
async function save(
  instance: Integrations,
  services: readonly TenantService[],
  behaviour: 'right' | 'wrong' = 'right',
): Promise<void> {
  await Promise.all(
    services.map((service) =>
      instance.saveTenantCredential(tenant, service, inputFor(service, behaviour) as never),
    ),
  );
}

/** One for each function that clears clients. */
const CACHED = ['stripe', 'resend', 'wise', 'openai'] as const;

function clientsOf(instance: Integrations): Promise<unknown[]> {
  return Promise.all([
    instance.getTenantStripeClient(tenant),
    instance.getTenantResendClient(tenant),
    instance.getTenantWiseClient(tenant),
    instance.getTenantOpenAIClient(tenant),
  ]);
}

/** What a call gives, as text, or the error that it rejects with. */
async function answerOf(call: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await call()) ?? '';
  } catch (error) {
    return `${(error as { code?: string }).code} ${(error as Error).message}`;
  }
}

test('each has its own database and key', async () => {
  await one.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_one' });
  await other.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_other' });

  const [config, otherConfig] = await Promise.all(
    [one, other].map((instance) => instance.getTenantStripeConfig(tenant)),
  );
  const token = config?.secretKeyEncrypted ?? '';
  const otherToken = otherConfig?.secretKeyEncrypted ?? '';
  expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_one');
  expect(await other.getTenantStripeSecretKey(tenant)).toBe('sk_test_other');
  expect(await vault.decryptToken(token, KEY)).toBe('sk_test_one');
  expect(await vault.decryptToken(otherToken, OTHER_KEY)).toBe('sk_test_other');
  expect((await rejection(vault.decryptToken(otherToken, KEY)))[0]).toBe('DECRYPTION_FAILED');
});

test('a row that another key encrypted stays closed', async () => {
  const sameDatabase = vault.createIntegrations({
    ...optionsFor(databaseUrl()),
    encryptionKey: OTHER_KEY,
  });
  await one.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_one' });
  expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_one');
  const [code] = await rejection(sameDatabase.getTenantStripeSecretKey(tenant));
  expect(code).toBe('DECRYPTION_FAILED');
  await sameDatabase.close();
});

test('concurrent calls do not mix', async () => {
  await one.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_one' });
  await other.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_other' });
  const calls = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other));
  const keys = await Promise.all(
    calls.map((instance) => instance.getTenantStripeSecretKey(tenant)),
  );
  expect(keys).toEqual(
    calls.map((instance) => (instance === one ? 'sk_test_one' : 'sk_test_other')),
  );
});

describe('clients', () => {
  beforeEach(async () => {
    await Promise.all([save(one, CACHED), save(other, CACHED)]);
  });

  test('are kept for each, and cleared in one alone', async () => {
    const clears: [(instance: Integrations) => void, number[]][] = [
      [(instance) => instance.clearTenantStripeClientCache(tenant), [0]],
      [(instance) => instance.clearAllStripeClientCache(), [0]],
      [(instance) => instance.clearTenantResendClientCache(tenant), [1]],
      [(instance) => instance.clearAllResendClientCache(), [1]],
      [(instance) => instance.clearTenantWiseCache(tenant), [2]],
      [(instance) => instance.clearAllWiseCache(), [2]],
      [(instance) => instance.clearTenantServiceCache(tenant, 'openai'), [3]],
      [(instance) => instance.clearTenantAllServicesCache(tenant), [3]],
      [(instance) => instance.clearAllServicesCache(), [3]],
    ];
    for (const [clear, cleared] of clears) {
      const [before, otherBefore] = await Promise.all([clientsOf(one), clientsOf(other)]);
      clear(one);
      const [after, otherAfter] = await Promise.all([clientsOf(one), clientsOf(other)]);
      const changed = after.flatMap((client, i) => (client === before[i] ? [] : [i]));
      expect([clear.toString(), changed]).toEqual([clear.toString(), cleared]);
      expect(otherAfter.map((client, i) => client === otherBefore[i])).not.toContain(false);
    }
  });

  test('of one are not those of another, of the default one, or of equal options', async () => {
    const twin = vault.createIntegrations({
      ...optionsFor(databaseUrl()),
      encryptionKey: KEY,
      endpoints: vendors.endpoints,
    });
    const clients = await Promise.all(
      [one, other, twin, vault].map((all) => all.getTenantWiseClient(tenant)),
    );
    expect(new Set(clients).size).toBe(4);
    await twin.close();
  });

  test('a save in one leaves the clients of another', async () => {
    const [before] = await clientsOf(one);
    const [otherBefore] = await clientsOf(other);
    await one.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_new' });
    expect((await clientsOf(one))[0]).not.toBe(before);
    expect((await clientsOf(other))[0]).toBe(otherBefore);
    expect(await other.getTenantStripeSecretKey(tenant)).toBe('sk_test_right');
  });

  test('call the vendors of their own vault', async () => {
    vendors.requests.length = 0;
    otherVendors.requests.length = 0;
    await (await other.requireTenantWiseClient(tenant)).getProfiles();
    expect(vendors.requests).toEqual([]);
    expect(otherVendors.requests.map(({ url }) => url)).toEqual(['/v2/profiles']);
  });
});

test('verification asks the vendors of its own vault, and records there', async () => {
  await save(one, SERVICE_IDS);
  await save(other, SERVICE_IDS, 'wrong');
  vendors.requests.length = 0;
  otherVendors.requests.length = 0;
  for (const service of SERVICE_IDS) {
    expect((await other.verifyTenantCredential(tenant, service)).status).toBe('invalid');
  }
  expect(vendors.requests).toEqual([]);
  expect(new Set(otherVendors.requests.map(({ service }) => service))).toEqual(
    new Set(SERVICE_IDS),
  );
  const statuses = (await one.getTenantCredentialStatuses(tenant)).map(({ hasError }) => hasError);
  expect(statuses).not.toContain(true);
});

test('closing one leaves another, and the closed one opens again', async () => {
  await save(one, CACHED);
  await save(other, CACHED);
  const otherClients = await clientsOf(other);
  const [client] = await clientsOf(one);
  await one.close();
  const kept = (await clientsOf(other)).map((client, i) => client === otherClients[i]);
  expect(kept).not.toContain(false);
  expect((await clientsOf(one))[0]).not.toBe(client);
  expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_right');
});

describe('the default vault', () => {
  test('is touched by no function of an instance', async () => {
    await save(one, SERVICE_IDS);
    configureVault(OTHER_KEY, optionsFor('postgresql://127.0.0.1:1/nowhere'));
    expect((await rejection(vault.getTenantStripeConfig(tenant)))[0]).toBe('DATABASE_UNAVAILABLE');

    const { close: _, ...functions } = one;
    for (const [name, call] of Object.entries(functions)) {
      const args = ARGUMENTS[name as keyof typeof functions]?.() ?? [tenant, 'openai'];
      const answer = await answerOf(() => (call as (...args: unknown[]) => unknown)(...args));
      expect([name, answer]).not.toEqual([name, expect.stringMatching(/DATABASE_|DECRYPTION_/)]);
    }
    expect(Object.keys(functions)).toEqual(
      expect.arrayContaining(['getTenantStripeClient', 'verifyTenantWebhook', 'withTenant']),
    );
  });

  test('is configured apart from an instance', async () => {
    await one.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_one' });
    configureVault(OTHER_KEY);
    expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_one');
    expect((await rejection(vault.getTenantStripeSecretKey(tenant)))[0]).toBe('DECRYPTION_FAILED');
    await vault.closeIntegrations();
    expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_one');
  });

  test('keeps its clients when an instance is closed', async () => {
    await save(one, CACHED);
    const client = await vault.requireTenantWiseClient(tenant);
    await one.close();
    expect(await vault.requireTenantWiseClient(tenant)).toBe(client);
  });
});

describe('an instance', () => {
  test('has functions that need no this, under their own names', async () => {
    const { getTenantStripeConfig } = one;
    expect(getTenantStripeConfig.name).toBe('getTenantStripeConfig');
    expect(await getTenantStripeConfig(tenant)).toBeNull();
  });

  test('can be spied on', async () => {
    const spy = jest.spyOn(one, 'getTenantStripeSecretKey').mockResolvedValue('sk_test_spied');
    expect(await one.getTenantStripeSecretKey(tenant)).toBe('sk_test_spied');
    spy.mockRestore();
    expect(await one.getTenantStripeSecretKey(tenant)).toBeNull();
  });

  test('hands its vault on to withTenant', async () => {
    await other.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_other' });
    const key = await other.withTenant(tenant, (scope) => scope.getTenantStripeSecretKey());
    expect(key).toBe('sk_test_other');
  });

  test('serves routes', async () => {
    const routes = createCredentialRoutes({
      authorize: () => ({ tenantId: tenant, userId: 'u1', role: 'admin' }),
      integrations: other,
    });
    const url = `https://shop.example/api/admin/integrations/credentials/google_maps`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ apiKey: 'AIza-routed', metadata: { note: 'kept' } });
    const saved = await routes.save(new Request(url, { method: 'POST', headers, body }));
    expect(saved.status).toBe(200);
    expect(await other.getTenantApiKey(tenant, 'google_maps')).toBe('AIza-routed');
    expect(await one.getTenantApiKey(tenant, 'google_maps')).toBeNull();
    const listed = await routes.list(new Request(new URL('.', url).href.replace(/\/$/, '')));
    expect((await listed.json()).services).toEqual([
      expect.objectContaining({ service: 'google_maps' }),
    ]);
  });

  test('checks a webhook with the secret of its own vault', async () => {
    const { secret, otherSecret, body, headers } = SIGNERS.stripe;
    const input = { secretKey: 'sk_test_1', webhookSecret: secret };
    await one.saveTenantStripeConfig(tenant, input);
    await other.saveTenantStripeConfig(tenant, { ...input, webhookSecret: otherSecret });
    const sent = headers(body, secret, new Date());
    expect((await one.verifyTenantStripeWebhook(tenant, body, sent)).valid).toBe(true);
    expect(await other.verifyTenantStripeWebhook(tenant, body, sent)).toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  test.each([
    [null, 'createIntegrations: pass an object'],
    [{ pool: 1 }, /^createIntegrations: unknown option; use encryptionKey, /],
    [
      { encryptionKey: 42 },
      'createIntegrations: encryptionKey must be a string or a function that gives one',
    ],
    [{ driver: {} }, 'createIntegrations: driver must have a query(sql, params) function'],
    [
      { endpoints: { stripe: 'http://vendor.example' } },
      /^createIntegrations: endpoints\.stripe must start with https:/,
    ],
  ])('is not made of %j', (options, message) => {
    const code = 'CONFIG_INVALID';
    expect(() => vault.createIntegrations(options as never)).toThrow(
      expect.objectContaining({
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });
});

/** What functions are called with that take another argument than a tenant and perhaps a service. */
const ARGUMENTS: Partial<Record<keyof Integrations, () => unknown[]>> = {
  ...Object.fromEntries(
    Object.entries(SIGNERS).map(([service, { secret, body, url, headers }]) => [
      `verifyTenant${SERVICES[service as TenantService].client.name}Webhook`,
      () => [tenant, body, headers(body, secret, new Date()), { url }],
    ]),
  ),
  listTenants: () => [],
  rotateEncryptionKeys: () => [{ tenants: [tenant], dryRun: true }],
  saveTenantApiCredential: () => [tenant, { serviceName: 'openai', ...inputFor('openai') }],
  saveTenantCredential: () => [tenant, 'openai', inputFor('openai')],
  saveTenantResendConfig: () => [tenant, inputFor('resend')],
  saveTenantStripeConfig: () => [tenant, inputFor('stripe')],
  saveTenantWiseConfig: () => [tenant, inputFor('wise')],
  updateApiCredentialVerification: () => [tenant, 'openai', true],
  updateResendConfigVerification: () => [tenant, true],
  updateStripeConfigVerification: () => [tenant, true],
  updateWiseConfigVerification: () => [tenant, true],
  verifyTenantCredentialInput: () => ['openai', inputFor('openai')],
  verifyTenantWebhook: () => {
    const { secret, body, headers } = SIGNERS.openai;
    return [tenant, 'openai', { rawBody: body, headers: headers(body, secret, new Date()) }];
  },
  withTenant: () => [tenant, (scope: TenantScope) => scope.getTenantStripeSecretKey()],
};
