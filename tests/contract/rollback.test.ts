// What the former package leaves behind where a platform goes back to it for a while.

import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { configureVault, newTenant, schemaOf, vault } from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

test('a save that replaces metadata takes the webhook secret along, and nothing else', async () => {
  const mux = { serviceName: 'mux', apiKey: 'id', apiSecret: 's', metadata: { a: 1 } } as const;
  await vault.saveTenantApiCredential(tenant, { ...mux, webhookSecret: 'hook' });
  await sql(
    `update ${schemaOf(tenant)}.tenant_api_credentials set metadata = $1::text::jsonb where service_name = 'mux'`,
    [JSON.stringify({ a: 2 })],
  );
  expect(await vault.getTenantWebhookSecret(tenant, 'mux')).toBeNull();
  expect(await vault.getTenantApiCredential(tenant, 'mux')).toMatchObject({ metadata: { a: 2 } });
  await vault.saveTenantApiCredential(tenant, { ...mux, webhookSecret: 'hook' });
  expect(await vault.getTenantWebhookSecret(tenant, 'mux')).toBe('hook');
});

test('a credential that was saved again while it was inactive stays inactive until it is saved here', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  await vault.deleteTenantStripeConfig(tenant);
  const table = `${schemaOf(tenant)}.tenant_stripe_config`;
  await sql(`update ${table} set publishable_key = 'pk_test_1'`);
  expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({ isActive: true });
});
