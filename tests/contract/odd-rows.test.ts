// Rows and tables as others leave them: each oddity hurts itself only.

import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import {
  configureVault,
  newTenant,
  rejection,
  SHARED,
  schemaOf,
  testOfOwnTables,
  vault,
} from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', webhookSecret: 'whsec_1' });
  await vault.saveTenantWiseConfig(tenant, { apiKey: 'w' });
  for (const serviceName of ['mux', 'openai'] as const) {
    await vault.saveTenantApiCredential(tenant, { serviceName, apiKey: 'sk-1', apiSecret: 's' });
  }
});

const statusOf = async (service: string) =>
  (await vault.getTenantCredentialStatuses(tenant)).find((status) => status.service === service);

/** Sets columns of the tenant's row for Mux. */
function spoil(assignments: string): Promise<unknown> {
  const table = `${schemaOf(tenant)}.tenant_api_credentials`;
  return sql(`update ${table} set ${assignments} where service_name = 'mux'`);
}

test.each([
  ["created_at = 'infinity'"],
  ["created_at = '-infinity'"],
  ["last_verified_at = 'infinity'"],
  ["created_at = '294276-12-31'"],
  ["created_at = '4713-01-01 BC'"],
  ['created_at = null, updated_at = null'],
  ["metadata = '[1]'"],
  ["metadata = '7'"],
  ["metadata = 'null'"],
  ['metadata = null'],
  ['metadata = \'{"region": {"a": 1}, "accountId": 7}\''],
  ['is_active = null'],
  ["last_error = ''"],
  ["account_id = ''"],
  ["api_secret_encrypted = 'abc'"],
  ["api_secret_encrypted = ''"],
])('%s hides neither the row nor its neighbours', async (assignments) => {
  // The trigger would set updated_at; tables that tenants share have none.
  if (!SHARED) {
    await sql(`alter table tenant_${tenant}.tenant_api_credentials disable trigger user`);
  }
  await spoil(assignments);
  const inactive = assignments.startsWith('is_active');
  const names = (await vault.getAllTenantApiCredentials(tenant)).map((row) => row.serviceName);
  expect(names).toEqual(inactive ? ['openai'] : ['mux', 'openai']);
  const row = await vault.getTenantApiCredential(tenant, 'mux');
  expect(row?.serviceName).toBe(inactive ? undefined : 'mux');
  if (row) {
    expect(Number.isNaN(row.createdAt.getTime())).toBe(false);
    expect(Number.isNaN(row.updatedAt.getTime())).toBe(false);
    expect(JSON.stringify(row)).toContain('"serviceName":"mux"');
  }
  expect(await statusOf('openai')).toMatchObject({ connected: true, hasError: false });
  expect((await statusOf('mux'))?.connected).toBe(!inactive);
  await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'id', metadata: {} });
  expect(await vault.getTenantApiKey(tenant, 'mux')).toBe('id');
});

describe('a damaged secret that is not needed', () => {
  test.each(['abc', ''])('%j leaves the client alone', async (token) => {
    const table = `${schemaOf(tenant)}.tenant_stripe_config`;
    await sql(`update ${table} set webhook_secret_encrypted = '${token}'`);
    expect(await vault.getTenantStripeClient(tenant)).not.toBeNull();
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
    expect((await statusOf('stripe'))?.hasError).toBe(token !== '');
  });

  test('is named by the error of what needs it', async () => {
    const table = `${schemaOf(tenant)}.tenant_stripe_config`;
    await sql(`update ${table} set webhook_secret_encrypted = 'abc'`);
    const error = await vault.getTenantStripeWebhookSecret(tenant).catch((error) => error);
    expect(error).toMatchObject({
      code: 'TOKEN_FORMAT',
      message: 'Invalid encrypted token format',
      fields: { webhookSecret: 'Invalid encrypted token format' },
    });
    expect((await statusOf('stripe'))?.errorMessage).toContain('webhookSecret');
  });

  test('and one that is needed still is an error', async () => {
    await spoil("api_secret_encrypted = 'abc'");
    expect(await rejection(vault.requireTenantMuxClient(tenant))).toEqual([
      'TOKEN_FORMAT',
      'Invalid encrypted token format',
    ]);
  });
});

describe('a table that is not as the migration makes it', () => {
  const table = () => `${schemaOf(tenant)}.tenant_stripe_config`;
  const message = () =>
    `tenant_stripe_config of tenant ${tenant} lacks the column account_country: add what is missing as migration 038 has it`;

  testOfOwnTables(
    'hurts its service only, with a code of its own that names the column',
    async () => {
      await sql(`alter table ${table()} drop column account_country`);
      expect(await rejection(vault.getTenantStripeConfig(tenant))).toEqual([
        'SCHEMA_MISMATCH',
        message(),
      ]);
      const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_2' });
      expect(await rejection(save)).toEqual(['SCHEMA_MISMATCH', message()]);
      expect(await statusOf('stripe')).toMatchObject({
        hasError: true,
        errorCode: 'SCHEMA_MISMATCH',
        errorMessage: expect.stringContaining('account_country'),
      });
      for (const service of ['wise', 'mux']) {
        expect(await statusOf(service)).toMatchObject({ connected: true, hasError: false });
      }
      await sql(`alter table ${table()} add column account_country text`);
      expect(await statusOf('stripe')).toMatchObject({ connected: true, hasError: false });
    },
  );

  testOfOwnTables('of another type is told so', async () => {
    await sql(`alter table ${table()} alter column last_verified_at type text`);
    const [code, text] = await rejection(vault.getTenantStripeConfig(tenant));
    expect(code).toBe('SCHEMA_MISMATCH');
    expect(text).toContain('has another type');
  });

  testOfOwnTables('is made anew by migrating where it is gone', async () => {
    await sql(`drop table ${table()}`);
    expect(await statusOf('stripe')).toMatchObject({ errorCode: 'TENANT_NOT_FOUND' });
    expect(await statusOf('wise')).toMatchObject({ connected: true, hasError: false });
    await vault.migrateTenant(tenant);
    expect(await statusOf('stripe')).toMatchObject({ connected: false, hasError: false });
  });
});
