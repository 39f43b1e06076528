import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { configureVault, KEY, newTenant, saveCredential, schemaOf, vault } from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

async function statusOf(service: string) {
  const statuses = await vault.getTenantCredentialStatuses(tenant);
  return statuses.find((status) => status.service === service);
}

test('all services are reported, connected or not', async () => {
  const statuses = await vault.getTenantCredentialStatuses(tenant);
  expect(statuses.map((status) => status.service)).toEqual(
    vault.SERVICE_CATALOG.map((service) => service.id),
  );
  expect(statuses[0]).toEqual({
    service: 'stripe',
    displayName: 'Stripe',
    connected: false,
    lastVerifiedAt: null,
    hasError: false,
    errorMessage: null,
  });
});

test('a connected service tells its account and its last verification', async () => {
  await vault.saveTenantStripeConfig(tenant, {
    secretKey: 'sk_1',
    publishableKey: 'pk_1',
    livemode: true,
  });
  await vault.updateStripeConfigVerification(tenant, true, { accountId: 'acct_1' });
  expect(await statusOf('stripe')).toEqual({
    service: 'stripe',
    displayName: 'Stripe',
    connected: true,
    lastVerifiedAt: expect.any(Date),
    hasError: false,
    errorMessage: null,
    accountInfo: { accountId: 'acct_1', livemode: true },
    values: { publishableKey: 'pk_1', livemode: true },
    secretsSet: ['secretKey'],
  });
});

test('what is stored unencrypted is shown, of secrets only that they are stored', async () => {
  await saveCredential(tenant, 'cloudflare_r2', {
    apiKey: 'id',
    apiSecret: 'secret',
    metadata: { accountId: '0123456789abcdef0123456789abcdef', note: 'not of the catalog' },
  });
  await saveCredential(tenant, 'mux', { apiKey: 'id', webhookSecret: 'webhook' });
  await saveCredential(tenant, 'wise', { apiKey: 'w' });
  expect(await statusOf('cloudflare_r2')).toMatchObject({
    values: { 'metadata.accountId': '0123456789abcdef0123456789abcdef' },
    secretsSet: ['apiKey', 'apiSecret'],
  });
  expect(await statusOf('mux')).toMatchObject({
    values: {},
    secretsSet: ['apiKey', 'webhookSecret'],
  });
  expect(await statusOf('wise')).toMatchObject({
    values: { sandboxMode: false, sourceCurrency: 'USD' },
    secretsSet: ['apiKey'],
  });
});

test('the same failure again does not change since when it lasts', async () => {
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
  expect((await statusOf('resend'))?.failingSince).toBeUndefined();
  await vault.updateResendConfigVerification(tenant, false, null, 'Refused');
  const before = await statusOf('resend');
  expect(before?.failingSince).toBeInstanceOf(Date);
  await sql(`update ${schemaOf(tenant)}.tenant_resend_config set last_verified_at = now()`);
  const since = (await statusOf('resend'))?.failingSince;
  await vault.updateResendConfigVerification(tenant, false, null, 'Refused');
  expect((await statusOf('resend'))?.failingSince).toEqual(since);
  await vault.updateResendConfigVerification(tenant, true);
  expect((await statusOf('resend'))?.failingSince).toBeUndefined();
});

test('a failed verification is an error with its words', async () => {
  await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'a' });
  await vault.updateApiCredentialVerification(tenant, 'mux', false, null, 'Token revoked');
  expect(await statusOf('mux')).toMatchObject({
    connected: true,
    hasError: true,
    errorMessage: 'Token revoked',
  });
});

test('fault 9: a row that can not be decrypted hurts no other', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
  configureVault(`${KEY}-another`);
  try {
    await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'a' });
  } finally {
    configureVault();
  }
  await sql(`update ${schemaOf(tenant)}.tenant_resend_config set api_key_encrypted = 'damaged'`);

  expect(await statusOf('stripe')).toMatchObject({ connected: true, hasError: false });
  expect(await statusOf('mux')).toMatchObject({
    connected: true,
    hasError: true,
    errorCode: 'DECRYPTION_FAILED',
  });
  expect(await statusOf('resend')).toMatchObject({
    connected: true,
    hasError: true,
    errorCode: 'TOKEN_FORMAT',
    errorMessage: 'The stored apiKey cannot be used: Invalid encrypted token format',
    secretsSet: ['apiKey'],
  });
  expect(await vault.getAllTenantApiCredentials(tenant)).toHaveLength(1);
});

test('without a key every connected service says so', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
  configureVault('too short');
  try {
    expect(await statusOf('stripe')).toMatchObject({ hasError: true, errorCode: 'KEY_MISSING' });
    expect(await statusOf('wise')).toMatchObject({ connected: false, hasError: false });
  } finally {
    configureVault();
  }
});

test('services outside the catalog come after it, in order; what is no name is passed over', async () => {
  for (const serviceName of ['shop_2', 'paypal'] as unknown as 'mux'[]) {
    await vault.saveTenantApiCredential(tenant, { serviceName, apiKey: 'a' });
  }
  await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'a' });
  const table = `${schemaOf(tenant)}.tenant_api_credentials`;
  await sql(`update ${table} set service_name = 'No Name' where service_name = 'mux'`);
  const statuses = await vault.getTenantCredentialStatuses(tenant);
  expect(statuses.slice(vault.SERVICE_CATALOG.length)).toMatchObject([
    { service: 'paypal', displayName: 'paypal', connected: true, hasError: false },
    { service: 'shop_2', displayName: 'shop_2', connected: true, hasError: false },
  ]);
  expect(await statusOf('mux')).toMatchObject({ connected: false });
});
