// The testing helpers, as a test suite of the platform uses them.

import * as vault from '@cgk-platform/integrations';
import * as native from '@cgk-platform/integrations/native';
import {
  startTestVault,
  TEST_CREDENTIALS,
  TEST_ENCRYPTION_KEY,
  type TestVault,
} from '@cgk-platform/integrations/testing';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

let testVault: TestVault;

beforeAll(async () => {
  testVault = await startTestVault();
});
afterEach(() => testVault.reset());
afterAll(() => testVault.stop());

/** Code under test. */
async function register(tenantId: string, name: string): Promise<string> {
  const stripe = await vault.requireTenantStripeClient(tenantId);
  return (await stripe.customers.create({ name })).id;
}

test('code under test calls the vendor with the tenant’s credential', async () => {
  const tenant = await testVault.createTestTenant({ stripe: { secretKey: 'sk_test_own' } });
  expect(await register(tenant, 'A customer')).toBe('cus_1');
  expect(testVault.requests).toEqual([
    expect.objectContaining({
      service: 'stripe',
      method: 'POST',
      url: '/v1/customers',
      body: 'name=A%20customer',
      headers: expect.objectContaining({ authorization: 'Bearer sk_test_own' }),
    }),
  ]);
});

test('the test says what the vendor answers', async () => {
  const tenant = await testVault.createTestTenant({ stripe: true });
  testVault.respond('stripe', 'POST /v1/customers', { body: { id: 'cus_2' } });
  expect(await register(tenant, 'A')).toBe('cus_2');
  testVault.respond('stripe', 'POST /v1/customers', {
    status: 402,
    body: { error: { type: 'card_error', message: 'Declined' } },
  });
  await expect(register(tenant, 'A')).rejects.toThrow('Declined');
});

test('what no answer is set for says how to set one', async () => {
  const tenant = await testVault.createTestTenant({ stripe: true });
  const stripe = await vault.requireTenantStripeClient(tenant);
  await expect(stripe.products.list({}, { maxNetworkRetries: 0 })).rejects.toThrow(
    "respond('stripe', 'GET /v1/products', { body })",
  );
});

test('every service has a credential that is found valid', async () => {
  const services = vault.SERVICE_CATALOG.map(({ id }) => id);
  const all = Object.fromEntries(services.map((service) => [service, true]));
  const tenant = await testVault.createTestTenant(all);
  const statuses = await vault.getTenantCredentialStatuses(tenant);
  expect(statuses.map(({ connected, hasError }) => [connected, hasError])).toEqual(
    services.map(() => [true, false]),
  );
  for (const service of services) {
    expect(await vault.verifyTenantCredential(tenant, service)).toMatchObject({ valid: true });
  }
});

test('values are encrypted for real, and a copied one opens like the first', async () => {
  const [one, other] = [
    await testVault.createTestTenant({ resend: true }),
    await testVault.createTestTenant({ resend: true }),
  ];
  const configs = [
    await vault.getTenantResendConfig(one),
    await vault.getTenantResendConfig(other),
  ];
  const [token, copy] = configs.map((config) => config?.apiKeyEncrypted ?? '');
  expect(token).toMatch(/^[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]+$/);
  expect(copy).toBe(token);
  expect(await vault.decryptToken(copy ?? '', TEST_ENCRYPTION_KEY)).toBe(
    TEST_CREDENTIALS.resend.apiKey,
  );
  expect(configs.map((config) => config?.tenantId)).toEqual([one, other]);
  expect(configs[0]?.id).not.toBe(configs[1]?.id);
  expect(await vault.getTenantResendApiKey(other)).toBe(TEST_CREDENTIALS.resend.apiKey);
});

describe.each([
  ['v2', 'the option', { tokenFormat: 'v2' }, undefined],
  ['v2-only', 'the option', { tokenFormat: 'v2-only' }, 'v1'],
  ['v2', 'the environment', {}, 'v2'],
  ['v2-only', 'the environment', {}, 'v2-only'],
] as const)('under %s from %s', (_format, _source, options, variable) => {
  beforeAll(async () => {
    await testVault.stop();
    if (variable) {
      process.env.INTEGRATION_TOKEN_FORMAT = variable;
    }
    testVault = await startTestVault(options);
  });
  afterAll(async () => {
    await testVault.stop();
    delete process.env.INTEGRATION_TOKEN_FORMAT;
    testVault = await startTestVault();
  });

  test('tenants with the same credentials have tokens of their own, which open nowhere else', async () => {
    const services = vault.SERVICE_CATALOG.map(({ id }) => id);
    const all = Object.fromEntries(services.map((service) => [service, true]));
    const tenants = [
      await testVault.createTestTenant(all),
      await testVault.createTestTenant(all),
      await testVault.createTestTenant(all),
    ];
    const tokens: string[] = [];
    for (const tenant of tenants) {
      const statuses = await vault.getTenantCredentialStatuses(tenant);
      expect(statuses.map(({ connected, hasError }) => [connected, hasError])).toEqual(
        services.map(() => [true, false]),
      );
      expect((await vault.requireTenantStripeClient(tenant)).customers).toBeDefined();
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe(TEST_CREDENTIALS.stripe.secretKey);
      tokens.push((await vault.getTenantStripeConfig(tenant))?.secretKeyEncrypted ?? '');
    }
    expect(new Set(tokens).size).toBe(tenants.length);
    for (const backend of [native, wasm]) {
      for (const [index, token] of tokens.entries()) {
        expect(token).toMatch(/^v2\./);
        for (const [other, tenantId] of tenants.entries()) {
          const place = { tenantId, service: 'stripe', field: 'secretKey' };
          const opened = backend.decryptToken(token, TEST_ENCRYPTION_KEY, place);
          if (other === index) {
            expect(await opened).toBe(TEST_CREDENTIALS.stripe.secretKey);
          } else {
            await expect(opened).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
          }
        }
      }
    }
  });
});

test('another format is refused, and leaves nothing running', async () => {
  await testVault.stop();
  const started = startTestVault({ tokenFormat: 'v3' as 'v2' });
  await expect(started).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  testVault = await startTestVault();
  expect(await testVault.createTestTenant({ stripe: true })).toBe('test_1');
});

test('a reset leaves nothing', async () => {
  const tenant = await testVault.createTestTenant({ stripe: true }, { tenantId: 'rawdog' });
  expect(tenant).toBe('rawdog');
  testVault.respond('stripe', 'POST /v1/customers', { body: { id: 'cus_2' } });
  await register(tenant, 'A');
  await testVault.reset();
  expect(testVault.requests).toEqual([]);
  expect(await vault.listTenants()).toEqual([]);
  await expect(vault.getTenantStripeClient(tenant)).rejects.toMatchObject({
    code: 'TENANT_NOT_FOUND',
  });
  await testVault.createTestTenant({ stripe: true }, { tenantId: 'rawdog' });
  expect(await register(tenant, 'A')).toBe('cus_1');
});

test('bad input is refused as it is elsewhere', async () => {
  await expect(testVault.createTestTenant({}, { tenantId: 'Not A Slug' })).rejects.toMatchObject({
    code: 'TENANT_INVALID',
  });
  const wrong = testVault.createTestTenant({ stripe: { secretKey: 'pk_test_1' } });
  await expect(wrong).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('one vault at a time', async () => {
  await expect(startTestVault()).rejects.toMatchObject({ code: 'TESTING_RUNNING' });
  await testVault.stop();
  await expect(vault.listTenants()).rejects.toMatchObject({ code: 'DATABASE_NOT_CONFIGURED' });
  expect(vault.getBackendInfo().backend).toBe('native');
  testVault = await startTestVault();
  expect(vault.getBackendInfo()).toMatchObject({
    backend: 'wasm',
    reason: 'a database driver is configured',
  });
});

test('it does not run in production', async () => {
  await testVault.stop();
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await expect(startTestVault()).rejects.toMatchObject({ code: 'TESTING_REFUSED' });
  } finally {
    process.env.NODE_ENV = before;
    testVault = await startTestVault();
  }
});
