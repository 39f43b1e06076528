// What one backend writes the other reads, and neither holds the event loop.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug } from '../kit/database';

const KEY = 'interchange-master-key-0123456789abcdef';
const tenant = newSlug();
let pool: pg.Pool;

beforeAll(async () => {
  pool = new pg.Pool({ connectionString: databaseUrl() });
  // One configuration is for both: the addon takes the URL, WebAssembly the driver.
  native.configureIntegrations({
    databaseUrl: databaseUrl(),
    driver: native.pgDriver(pool),
    encryptionKey: KEY,
  });
  await native.createTenant(tenant);
});

afterAll(async () => {
  await native.closeIntegrations();
  await pool.end();
});

describe.each([
  ['native', native, 'wasm', wasm],
  ['wasm', wasm, 'native', native],
])('written by %s', (_writer, writer, _reader, reader) => {
  test('tokens are read by %s', async () => {
    const token = await writer.encryptToken('ünï 🔑', KEY);
    expect(await reader.decryptToken(token, KEY)).toBe('ünï 🔑');
    const shopify = await writer.encryptShopifyToken('shpat', '0f'.repeat(32));
    expect(await reader.decryptShopifyToken(shopify, '0f'.repeat(32))).toBe('shpat');
  });

  test('rows are read alike', async () => {
    await writer.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', webhookSecret: 'wh' });
    expect(await reader.getTenantStripeSecretKey(tenant)).toBe('sk_1');
    expect(await reader.getTenantStripeWebhookSecret(tenant)).toBe('wh');
    expect(await reader.getTenantStripeConfig(tenant)).toEqual(
      await writer.getTenantStripeConfig(tenant),
    );
    await writer.saveTenantApiCredential(tenant, {
      serviceName: 'mux',
      apiKey: 'id',
      apiSecret: 'secret',
      metadata: { a: [1, { b: null }] },
    });
    expect(await reader.getTenantApiKeyAndSecret(tenant, 'mux')).toEqual({
      apiKey: 'id',
      apiSecret: 'secret',
    });
    expect(await reader.getAllTenantApiCredentials(tenant)).toEqual(
      await writer.getAllTenantApiCredentials(tenant),
    );
    expect(await reader.getTenantCredentialStatuses(tenant)).toEqual(
      await writer.getTenantCredentialStatuses(tenant),
    );
  });
});

test('fault 2: key derivation leaves the event loop free, on both backends', async () => {
  for (const backend of [native, wasm]) {
    let turns = 0;
    let done = false;
    const work = backend.encryptToken('value', KEY).then(() => {
      done = true;
    });
    while (!done) {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await work;
    // A derivation on this thread would let no turn pass between its start and its end.
    expect(turns).toBeGreaterThan(2);
  }
});

test('values are made in the realm of the caller', async () => {
  for (const backend of [native, wasm]) {
    const config = await backend.saveTenantWiseConfig(tenant, { apiKey: 'a' });
    expect(config.createdAt).toBeInstanceOf(Date);
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
    const error = await backend.decryptToken('x', KEY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
  }
});
