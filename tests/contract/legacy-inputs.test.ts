// What callers of the package before this one pass in, and what it meant there.

import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { configureVault, newTenant, rejection, testOfOwnTables, vault } from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

test.each([
  ['rk_live_1', false, true],
  ['sk_live_1', false, true],
  ['sk_test_1', true, false],
  ['sk_1', true, true],
])('the key %s decides, whatever livemode says', async (secretKey, livemode, expected) => {
  const saved = await vault.saveTenantStripeConfig(tenant, { secretKey, livemode });
  expect(saved.livemode).toBe(expected);
});

describe('an optional secret that a form sends empty keeps what is stored', () => {
  test('Stripe', async () => {
    const keys = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' };
    await vault.saveTenantStripeConfig(tenant, keys);
    for (const webhookSecret of ['', '   ']) {
      await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2', webhookSecret });
      expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');
    }
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2', webhookSecret: null });
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBeNull();
  });

  test('a service of the shared table', async () => {
    const mux = { serviceName: 'mux', apiKey: 'id', apiSecret: 'secret' } as const;
    await vault.saveTenantApiCredential(tenant, mux);
    await vault.saveTenantApiCredential(tenant, { ...mux, apiSecret: '' });
    expect(await vault.getTenantApiKeyAndSecret(tenant, 'mux')).toEqual({
      apiKey: 'id',
      apiSecret: 'secret',
    });
  });
});

describe('a from address with a name', () => {
  test.each([
    ['Shop <shop@example.com>', undefined, 'Shop <shop@example.com>'],
    ['Shop <shop@example.com>', 'Rawdog', 'Rawdog <shop@example.com>'],
    ['"Shop, Inc." <shop@example.com>', undefined, '"Shop, Inc." <shop@example.com>'],
    ['<shop@example.com>', 'Rawdog', 'Rawdog <shop@example.com>'],
  ])('%s, %s', async (defaultFromEmail, defaultFromName, from) => {
    const name = defaultFromName === undefined ? {} : { defaultFromName };
    const input = { apiKey: 're_1', defaultFromEmail, ...name };
    const saved = await vault.saveTenantResendConfig(tenant, input);
    expect(saved.defaultFromEmail).toBe(defaultFromEmail);
    expect(await vault.getTenantResendSenderConfig(tenant)).toEqual({ from });
  });
});

describe('a service outside the catalog', () => {
  const service = 'paypal_2' as 'mux';
  const input = { serviceName: service, apiKey: ' any "key" ', apiSecret: 's', metadata: { a: 1 } };

  test('is saved, read, listed and disconnected', async () => {
    const saved = await vault.saveTenantApiCredential(tenant, input);
    expect(saved).toMatchObject({
      serviceName: 'paypal_2',
      serviceDisplayName: null,
      metadata: { a: 1 },
    });
    expect(await vault.getTenantApiCredential(tenant, service)).toEqual(saved);
    expect(await vault.getAllTenantApiCredentials(tenant)).toEqual([saved]);
    expect(await vault.getTenantApiKeyAndSecret(tenant, service)).toEqual({
      apiKey: ' any "key" ',
      apiSecret: 's',
    });
    expect(await vault.hasTenantServiceConfig(tenant, service)).toBe(true);
    await vault.updateApiCredentialVerification(tenant, service, false, null, 'refused');
    expect((await vault.getTenantApiCredential(tenant, service))?.lastError).toBe('refused');
    expect(await vault.deleteTenantApiCredential(tenant, service)).toBe(true);
    expect(await vault.getTenantApiCredential(tenant, service)).toBeNull();
  });

  test('has a status, and is said not to be verifiable', async () => {
    await vault.saveTenantApiCredential(tenant, input);
    const statuses = await vault.getTenantCredentialStatuses(tenant);
    expect(statuses.at(-1)).toMatchObject({ service: 'paypal_2', connected: true });
    expect(await vault.verifyTenantServiceCredentials(tenant, service)).toMatchObject({
      status: 'unchecked',
      code: 'SERVICE_UNKNOWN',
    });
    expect((await rejection(vault.getTenantWebhookSecret(tenant, service)))[0]).toBe(
      'SERVICE_UNKNOWN',
    );
  });
});

test('the webhook secret inside metadata never leaves in a config object', async () => {
  const mux = { serviceName: 'mux', apiKey: 'id', apiSecret: 's', metadata: { a: 1 } } as const;
  const saved = await vault.saveTenantApiCredential(tenant, { ...mux, webhookSecret: 'hook' });
  const [listed] = await vault.getAllTenantApiCredentials(tenant);
  for (const credential of [saved, listed, await vault.getTenantApiCredential(tenant, 'mux')]) {
    expect(credential?.metadata).toEqual({ a: 1 });
  }
  // Written back as it was read, it keeps the secret.
  await vault.saveTenantApiCredential(tenant, { ...mux, metadata: saved.metadata });
  expect(await vault.getTenantWebhookSecret(tenant, 'mux')).toBe('hook');
});

describe('a schema that was made before Resend’s webhook secret had a column', () => {
  const dropColumn = () =>
    sql(`alter table tenant_${tenant}.tenant_resend_config drop column webhook_secret_encrypted`);

  testOfOwnTables('is read and written as before', async () => {
    await dropColumn();
    const saved = await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
    expect(saved.webhookSecretEncrypted).toBeNull();
    expect(await vault.getTenantResendConfig(tenant)).toEqual(saved);
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_2', defaultFromName: 'Shop' });
    expect(await vault.getTenantResendApiKey(tenant)).toBe('re_2');
    expect(await vault.getTenantWebhookSecret(tenant, 'resend')).toBeNull();
    const statuses = await vault.getTenantCredentialStatuses(tenant);
    expect(statuses.find(({ service }) => service === 'resend')).toMatchObject({
      connected: true,
      hasError: false,
    });
  });

  testOfOwnTables('refuses a secret that it has no place for, and stores nothing', async () => {
    await dropColumn();
    const input = { apiKey: 're_1', webhookSecret: 'whsec_c2VjcmV0' };
    const [code, message] = await rejection(vault.saveTenantResendConfig(tenant, input));
    expect(code).toBe('SCHEMA_MISMATCH');
    expect(message).toContain('migrate');
    expect(await vault.getTenantResendConfig(tenant)).toBeNull();
    await vault.migrateTenant(tenant);
    await vault.saveTenantResendConfig(tenant, input);
    expect(await vault.getTenantWebhookSecret(tenant, 'resend')).toBe('whsec_c2VjcmV0');
  });
});

test('a webhook secret goes with a disconnect, for every table', async () => {
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_1', webhookSecret: 'whsec_c2VjcmV0' });
  await vault.deleteTenantResendConfig(tenant);
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
  expect(await vault.getTenantWebhookSecret(tenant, 'resend')).toBeNull();
});

test('Twilio signs with the auth token of an account, and with nothing of an API key', async () => {
  const account = 'AC0123456789abcdef0123456789abcdef';
  const twilio = { serviceName: 'twilio', apiSecret: 'token' } as const;
  await vault.saveTenantApiCredential(tenant, { ...twilio, apiKey: account });
  expect(await vault.getTenantWebhookSecret(tenant, 'twilio')).toBe('token');
  const apiKey = account.replace('AC', 'SK');
  const metadata = { accountSid: account };
  await vault.saveTenantApiCredential(tenant, { ...twilio, apiKey, metadata });
  expect(await vault.getTenantWebhookSecret(tenant, 'twilio')).toBeNull();
  await vault.saveTenantApiCredential(tenant, { ...twilio, apiKey, webhookSecret: 'auth-token' });
  expect(await vault.getTenantWebhookSecret(tenant, 'twilio')).toBe('auth-token');
});
