// The admin API on Vercel's edge runtime: WebAssembly, and the database through Neon's HTTP driver.

import * as vault from '@cgk-platform/integrations';
import { type Caller, createCredentialRoutes } from '@cgk-platform/integrations/routes';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { neon, neonConfig } from '@neondatabase/serverless';
import type { EdgeGlobals } from '../kit/edge-environment';

const { DATABASE_URL, NEON_ENDPOINT, VENDOR_ENDPOINTS } = globalThis as unknown as EdgeGlobals;
const BASE = 'https://shop.example/api/admin/integrations';

let caller: Caller | null;
const routes = createCredentialRoutes({ authorize: () => caller });

beforeAll(() => {
  neonConfig.fetchEndpoint = NEON_ENDPOINT;
  vault.configureIntegrations({
    driver: vault.neonDriver(neon(DATABASE_URL)),
    encryptionKey: 'edge-master-key-0123456789abcdef0123456789',
    endpoints: VENDOR_ENDPOINTS,
  });
});

beforeEach(async () => {
  caller = { tenantId: await newTenant(), userId: 'user-1', role: 'admin' };
});

async function newTenant(): Promise<string> {
  const slug = `edge_${crypto.randomUUID().replaceAll('-', '')}`;
  await vault.createTenant(slug);
  return slug;
}

async function send(handler: keyof typeof routes, path: string, method = 'GET', body?: object) {
  const request = new Request(`${BASE}/${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const response = await routes[handler](request);
  return { status: response.status, json: await response.json() };
}

test('this is the edge runtime, and the backend is WebAssembly', () => {
  expect(globalThis).toHaveProperty('EdgeRuntime');
  expect(vault.getBackendInfo().backend).toBe('wasm');
});

test('save, list, verify, health and disconnect', async () => {
  const input = { secretKey: 'sk_test_right', webhookSecret: 'whsec_1' };
  const saved = await send('save', 'credentials/stripe?verify=true', 'POST', input);
  expect(saved).toMatchObject({ status: 200, json: { success: true, verified: true } });
  expect(await send('list', 'credentials')).toMatchObject({
    status: 200,
    json: { stripe: { connected: true, secretsSet: ['secretKey', 'webhookSecret'] } },
  });
  expect(await send('verify', 'credentials/stripe/verify', 'POST')).toMatchObject({
    json: { valid: true, status: 'valid', accountId: 'acct_1' },
  });
  expect(await send('health', 'health')).toMatchObject({ status: 200, json: { healthy: true } });
  expect(await send('disconnect', 'credentials/stripe', 'DELETE')).toEqual({
    status: 200,
    json: { success: true },
  });
  expect((await send('list', 'credentials')).json).toMatchObject({ stripe: null });
});

test('what is refused: bad input, a key that is none, members, the signed-out', async () => {
  const wrong = { secretKey: 'sk_test_wrong' };
  expect(await send('save', 'credentials/stripe?verify=true', 'POST', wrong)).toMatchObject({
    status: 422,
    json: { code: 'CREDENTIAL_INVALID', fields: { secretKey: expect.any(String) } },
  });
  expect((await send('save', 'credentials/stripe', 'POST', {})).status).toBe(422);
  expect((await send('save', 'credentials/paypal', 'POST', {})).status).toBe(404);
  const { tenantId } = caller as Caller;
  caller = { tenantId, userId: 'user-2', role: 'member' };
  expect((await send('list', 'credentials')).status).toBe(403);
  caller = null;
  expect((await send('list', 'credentials')).status).toBe(401);
});

test('tenants that are served at once do not mix', async () => {
  const tenants = await Promise.all(Array.from({ length: 6 }, newTenant));
  await Promise.all(
    tenants.map(async (tenantId) => {
      const own = createCredentialRoutes({
        authorize: () => ({ tenantId, userId: 'user-1', role: 'admin' }),
      });
      const request = new Request(`${BASE}/credentials/openai`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ apiKey: `sk-${tenantId}` }),
      });
      expect((await own.save(request)).status).toBe(200);
    }),
  );
  const keys = await Promise.all(tenants.map((tenant) => vault.getTenantApiKey(tenant, 'openai')));
  expect(keys).toEqual(tenants.map((tenant) => `sk-${tenant}`));
});
