import type { TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import {
  configureVault,
  getCredential,
  KEY,
  newTenant,
  rejection,
  saveCredential,
  schemaOf,
  vault,
} from '../kit/vault';

const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configureVault(KEY, { endpoints: vendors.endpoints });
  tenant = await newTenant();
  vendors.beforeAnswer = undefined;
});

describe.each(SERVICES)('%s', (service) => {
  test('is saved, verified and disconnected', async () => {
    const saved = await saveCredential(tenant, service, inputFor(service));
    expect(await getCredential(tenant, service)).toEqual(saved);
    expect(await vault.verifyTenantCredential(tenant, service)).toMatchObject({ valid: true });
    expect(await vault.deleteTenantCredential(tenant, service)).toBe(true);
    expect(await vault.deleteTenantCredential(tenant, service)).toBe(true);
    expect(await vault.deleteTenantCredential(await newTenant(), service)).toBe(false);
    expect(await getCredential(tenant, service)).toBeNull();
  });

  test('can be saved and verified again and again', async () => {
    for (const changes of [inputFor(service), inputFor(service), {}]) {
      const saved = await saveCredential(tenant, service, changes, { verify: true });
      expect(saved.lastVerifiedAt).toBeInstanceOf(Date);
    }
  });

  test('keeps its key where it is left out, and none where none is stored', async () => {
    const [code] = await rejection(saveCredential(tenant, service, {}));
    expect(code).toBe('INPUT_INVALID');
    const before = await saveCredential(tenant, service, inputFor(service));
    expect(await saveCredential(tenant, service, {})).toEqual({
      ...before,
      updatedAt: expect.any(Date),
    });
    await vault.deleteTenantCredential(tenant, service);
    expect((await rejection(saveCredential(tenant, service, {})))[0]).toBe('INPUT_INVALID');
  });
});

test('a change without the key is verified with the stored one', async () => {
  await saveCredential(tenant, 'resend', inputFor('resend'));
  const changes = { defaultFromEmail: 'shop@example.com' };
  const saved = await saveCredential(tenant, 'resend', changes, { verify: true });
  expect(saved).toMatchObject({ ...changes, lastVerifiedAt: expect.any(Date) });
  expect(await vault.getTenantResendApiKey(tenant)).toBe('re_right');

  await saveCredential(tenant, 'resend', inputFor('resend', 'wrong'));
  const refused = saveCredential(tenant, 'resend', { defaultFromName: 'Shop' }, { verify: true });
  expect((await rejection(refused))[0]).toBe('CREDENTIAL_INVALID');
  expect(await vault.getTenantResendConfig(tenant)).toMatchObject({ defaultFromName: null });
});

test('a key that was replaced during its verification is not taken for verified', async () => {
  await saveCredential(tenant, 'stripe', { secretKey: 'sk_test_right' });
  vendors.beforeAnswer = async () => {
    vendors.beforeAnswer = undefined;
    await saveCredential(tenant, 'stripe', { secretKey: 'sk_test_another' });
  };
  const save = saveCredential(tenant, 'stripe', { webhookSecret: 'whsec_1' }, { verify: true });
  const [code, message] = await rejection(save);
  expect(code).toBe('INPUT_INVALID');
  expect(message).toContain('was changed in the meantime');
  expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
    lastVerifiedAt: null,
    webhookSecretEncrypted: null,
  });
});

test('a kept key still has to fit the mode of the others', async () => {
  await saveCredential(tenant, 'stripe', { secretKey: 'sk_test_1' });
  const other = saveCredential(tenant, 'stripe', { publishableKey: 'pk_live_1' });
  expect((await rejection(other))[0]).toBe('INPUT_INVALID');
  await saveCredential(tenant, 'stripe', { publishableKey: 'pk_test_1', livemode: true });
  expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
    publishableKey: 'pk_test_1',
    livemode: false,
  });
});

test('a key that can not be decrypted can be kept and replaced', async () => {
  await saveCredential(tenant, 'wise', inputFor('wise'));
  await sql(`update ${schemaOf(tenant)}.tenant_wise_config set api_key_encrypted = 'damaged'`);
  await saveCredential(tenant, 'wise', { sourceCurrency: 'EUR' });
  expect((await rejection(vault.getTenantWiseApiKey(tenant)))[0]).toBe('TOKEN_FORMAT');
  await saveCredential(tenant, 'wise', { apiKey: 'w2' });
  expect(await vault.getTenantWiseApiKey(tenant)).toBe('w2');
  expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({ sourceCurrency: 'EUR' });
});

test('everything that is wrong with an input is told by field', async () => {
  const input = { secretKey: 'pk_oops', publishableKey: 'sk_oops', webhookSecret: 7 };
  const error = await saveCredential(tenant, 'stripe', input as never).catch((error) => error);
  expect(vault.isIntegrationError(error)).toBe(true);
  expect(error.fields).toEqual({
    secretKey: expect.stringContaining('this is a publishable key'),
    publishableKey: expect.stringContaining('this is a secret key'),
    webhookSecret: 'webhookSecret must be a string',
  });
  expect(error.message).toBe(error.fields.secretKey);
  expect(JSON.stringify(error.fields)).not.toContain('oops');

  const refused = saveCredential(tenant, 'openai', { apiKey: 'sk-wrong' }, { verify: true });
  await expect(refused).rejects.toMatchObject({ fields: { apiKey: expect.any(String) } });
  const incomplete = saveCredential(tenant, 'mux', { apiKey: 'id' }, { verify: true });
  await expect(incomplete).rejects.toMatchObject({ fields: { apiSecret: expect.any(String) } });
});

test.each(['Pay Pal', '', 'x'.repeat(65), null, 42])(
  'no name of a service: %p',
  async (service) => {
    const unknown = service as TenantService;
    expect((await rejection(saveCredential(tenant, unknown, {})))[0]).toBe('SERVICE_UNKNOWN');
    expect((await rejection(vault.deleteTenantCredential(tenant, unknown)))[0]).toBe(
      'SERVICE_UNKNOWN',
    );
    expect(await vault.verifyTenantCredential(tenant, unknown)).toMatchObject({
      valid: false,
      code: 'SERVICE_UNKNOWN',
    });
  },
);

test.each([null, undefined, 'x', []])('changes that are no object: %p', async (changes) => {
  for (const service of ['stripe', 'mux'] as const) {
    const [code] = await rejection(saveCredential(tenant, service, changes as never));
    expect(code).toBe('INPUT_INVALID');
  }
});
