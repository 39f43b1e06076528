import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { servicesWith } from '../kit/services';
import {
  configureVault,
  getCredential,
  newTenant,
  rejection,
  saveCredential,
  vault,
} from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

describe('what does not fit the catalog is refused in words that do not repeat it', () => {
  const refused = servicesWith((service) => service.refused).flatMap(([service, inputs]) =>
    inputs.map(([input, sentence]) => [service, input, sentence] as const),
  );

  test.each(refused)('%s %j', async (service, input, sentence) => {
    const [code, message] = await rejection(saveCredential(tenant, service, input as never));
    expect(code).toBe('INPUT_INVALID');
    expect(message).toContain(sentence);
    expect(message).not.toMatch(/oops/i);
    expect(await getCredential(tenant, service)).toBeNull();
  });
});

test('white space and quotes that copying brings along are trimmed', async () => {
  await vault.saveTenantStripeConfig(tenant, {
    secretKey: ' "sk_live_1"\n',
    publishableKey: "'pk_live_1'",
    webhookSecret: '\u200bwhsec_1\t',
  });
  expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_live_1');
  expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');
  expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
    publishableKey: 'pk_live_1',
    livemode: true,
  });
  await vault.saveTenantWiseConfig(tenant, { apiKey: 'w', sourceCurrency: ' eur ' });
  expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({ sourceCurrency: 'EUR' });
});

test('a key of the other mode does not leave the old publishable key behind', async () => {
  const keys = { secretKey: 'sk_test_1', publishableKey: 'pk_test_1' };
  await vault.saveTenantStripeConfig(tenant, keys);
  expect(await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_live_1' })).toMatchObject({
    publishableKey: null,
    livemode: true,
  });
  const live = { secretKey: 'sk_live_1', publishableKey: 'pk_live_1' };
  expect(await vault.saveTenantStripeConfig(tenant, live)).toMatchObject({ livemode: true });
});

test('the catalog has what a form needs', () => {
  for (const { fields, ...service } of vault.SERVICE_CATALOG) {
    expect(service).toMatchObject({
      endpoint: expect.stringMatching(/^https:\/\/[^/]+$/),
      verification: { path: expect.stringMatching(/^\//), permission: expect.any(String) },
    });
    expect(fields.some(({ kind, required }) => kind === 'secret' && required)).toBe(true);
    for (const { label, kind, choices } of fields) {
      expect(label).not.toBe('');
      expect(['secret', 'text', 'email', 'currency', 'boolean', 'choice']).toContain(kind);
      expect(choices.length > 0).toBe(kind === 'choice');
    }
  }
});
