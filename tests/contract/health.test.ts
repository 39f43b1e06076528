import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { SERVICE_IDS } from '../kit/services';
import {
  configureVault,
  dropTenant,
  KEY,
  newTenant,
  rejection,
  saveCredential,
  schemaOf,
  testOfOwnTables,
  vault,
} from '../kit/vault';

let tenant: string;

beforeEach(async () => {
  configureVault();
  tenant = await newTenant();
});

async function serviceHealth(id: string) {
  const { services } = await vault.getCredentialHealth(tenant);
  return services.find(({ service }) => service === id);
}

test('a tenant without credentials is healthy', async () => {
  const health = await vault.getCredentialHealth(tenant);
  expect(health).toMatchObject({
    healthy: true,
    checkedAt: expect.any(Date),
    database: { reachable: true },
    encryptionKey: { present: true },
  });
  expect(health.services.map(({ service }) => service)).toEqual(SERVICE_IDS);
  expect(health.services[0]).toEqual({
    service: 'stripe',
    displayName: 'Stripe',
    connected: false,
    decryptable: null,
    lastVerifiedAt: null,
    verifiedSecondsAgo: null,
    failingSince: null,
    errorMessage: null,
  });
});

test('a connected service tells how long ago it was verified', async () => {
  await saveCredential(tenant, 'stripe', { secretKey: 'sk_1' });
  expect(await serviceHealth('stripe')).toMatchObject({
    connected: true,
    decryptable: true,
    verifiedSecondsAgo: null,
  });
  await sql(
    `update ${schemaOf(tenant)}.tenant_stripe_config set last_verified_at = now() - interval '1 hour'`,
  );
  const seconds = (await serviceHealth('stripe'))?.verifiedSecondsAgo;
  expect(seconds).toBeGreaterThanOrEqual(3600);
  expect(seconds).toBeLessThan(3600 + 600);
  // The database's clock may be ahead.
  await sql(
    `update ${schemaOf(tenant)}.tenant_stripe_config set last_verified_at = now() + interval '1 hour'`,
  );
  expect((await serviceHealth('stripe'))?.verifiedSecondsAgo).toBe(0);
});

test('a refused credential tells since when', async () => {
  await saveCredential(tenant, 'mux', { apiKey: 'a', apiSecret: 'b' });
  await vault.updateApiCredentialVerification(tenant, 'mux', false, null, 'Refused');
  expect(await serviceHealth('mux')).toMatchObject({
    decryptable: true,
    failingSince: expect.any(Date),
    errorMessage: 'Refused',
  });
  expect((await vault.getCredentialHealth(tenant)).healthy).toBe(false);
});

test('a credential that can not be decrypted, and no other', async () => {
  await saveCredential(tenant, 'openai', { apiKey: 'sk-1' });
  configureVault(`${KEY}-another`);
  await saveCredential(tenant, 'easypost', { apiKey: 'EZAK1' });
  expect(await serviceHealth('openai')).toMatchObject({
    connected: true,
    decryptable: false,
    errorCode: 'DECRYPTION_FAILED',
  });
  expect(await serviceHealth('easypost')).toMatchObject({ decryptable: true });
  expect((await vault.getCredentialHealth(tenant)).healthy).toBe(false);
});

test('without a key', async () => {
  configureVault('too short');
  const health = await vault.getCredentialHealth(tenant);
  expect(health).toMatchObject({
    healthy: false,
    encryptionKey: { present: false, errorCode: 'KEY_INVALID' },
  });
  expect(health.database).toEqual({ reachable: true });
});

test('where the function that gives the key fails, it is the key and not the database', async () => {
  const encryptionKey = () => Promise.reject(new Error('no access'));
  configureVault(null, { encryptionKey });
  const health = await vault.getCredentialHealth(tenant);
  expect(health).toMatchObject({
    healthy: false,
    database: { reachable: true },
    encryptionKey: { present: false, errorCode: 'KEY_UNAVAILABLE', values: [] },
    services: [],
  });
  expect(health.database).not.toHaveProperty('errorCode');
  // What needs no key works meanwhile.
  await vault.migrateTenant(tenant);
});

test('without tables', async () => {
  await dropTenant(tenant);
  expect(await vault.getCredentialHealth(tenant)).toMatchObject({
    healthy: false,
    database: { reachable: true, errorCode: 'TENANT_NOT_FOUND' },
    services: [],
  });
});

test('without a database', async () => {
  const query = () => Promise.reject(new Error('secret words of a driver'));
  const url = 'postgres://u:hunter2@127.0.0.1:1/db';
  configureVault(KEY, { databaseUrl: url, connectTimeoutMs: 500, driver: { query } });
  const health = await vault.getCredentialHealth(tenant);
  expect(health).toMatchObject({
    healthy: false,
    database: { reachable: false, errorMessage: expect.any(String) },
    services: [],
  });
  expect(JSON.stringify(health)).not.toMatch(/hunter2|secret words/);
});

describe('keys', () => {
  const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
  const keyHealth = async () => (await vault.getCredentialHealth(tenant)).encryptionKey;

  test('which key has how many values is told until a rotation is finished', async () => {
    configureVault(A);
    await saveCredential(tenant, 'stripe', { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' });
    await saveCredential(tenant, 'openai', { apiKey: 'sk-1' });
    await vault.deleteTenantCredential(tenant, 'openai');
    const before = await keyHealth();
    expect(before).toEqual({
      present: true,
      keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
      values: [{ keyId: before.keyId, format: 'v1', isCurrent: true, values: 3 }],
      unreadableValues: 0,
      rotationPending: false,
    });

    configureVault(B, { previousEncryptionKeys: [A], tokenFormat: 'v2' });
    await saveCredential(tenant, 'easypost', { apiKey: 'EZAK1' });
    const during = await keyHealth();
    expect(during.keyId).not.toBe(before.keyId);
    expect(during.values).toHaveLength(2);
    expect(during.values).toEqual(
      expect.arrayContaining([
        { keyId: before.keyId, format: 'v1', isCurrent: false, values: 3 },
        { keyId: during.keyId, format: 'v2', isCurrent: true, values: 1 },
      ]),
    );
    expect(during.rotationPending).toBe(true);
    expect(await vault.getCredentialHealth(tenant)).toMatchObject({ healthy: true });

    await vault.rotateEncryptionKeys({ tenants: [tenant] });
    expect(await keyHealth()).toMatchObject({
      values: [{ keyId: during.keyId, format: 'v2', isCurrent: true, values: 4 }],
      rotationPending: false,
    });
    configureVault(A);
    const after = await vault.getCredentialHealth(tenant);
    expect(after).toMatchObject({
      healthy: false,
      encryptionKey: { values: [], unreadableValues: 4, rotationPending: false },
    });
    expect(JSON.stringify(after)).not.toMatch(/[ab]{16}|v2\./);
  });

  test('a key that was not generated has no id', async () => {
    await saveCredential(tenant, 'openai', { apiKey: 'sk-1' });
    expect(await keyHealth()).toMatchObject({
      present: true,
      keyId: null,
      values: [{ keyId: null, format: 'v1', isCurrent: true, values: 1 }],
    });
    configureVault('too short');
    expect(await keyHealth()).toEqual({
      present: false,
      errorCode: 'KEY_INVALID',
      keyId: null,
      values: [],
      unreadableValues: 0,
      rotationPending: false,
    });
  });
});

testOfOwnTables(
  'a schema that lacks what a migration adds tells which, and is healthy all the same',
  async () => {
    await saveCredential(tenant, 'stripe', { secretKey: 'sk_1' });
    expect((await vault.getCredentialHealth(tenant)).database).toEqual({ reachable: true });
    await sql(`alter table ${schemaOf(tenant)}.tenant_stripe_config drop column failing_since`);
    const command = `cgk-integrations migrate --tenant ${tenant}`;
    expect(await vault.getCredentialHealth(tenant)).toMatchObject({
      healthy: true,
      database: { reachable: true, migration: { missing: ['failing_since'], command } },
    });
    await sql(
      `alter table ${schemaOf(tenant)}.tenant_resend_config drop column webhook_secret_encrypted`,
    );
    expect((await vault.getCredentialHealth(tenant)).database.migration?.missing).toEqual([
      'failing_since',
      'webhook_secret_encrypted',
    ]);
    await vault.migrateTenant(tenant);
    expect((await vault.getCredentialHealth(tenant)).database).toEqual({ reachable: true });
  },
);

test('a tenant that is none is refused', async () => {
  expect((await rejection(vault.getCredentialHealth('Robert"; --')))[0]).toBe('TENANT_INVALID');
});
