import type { TenantService } from '@cgk-platform/integrations';
import {
  type Caller,
  type CredentialEvent,
  createCredentialRoutes,
  type RouteReport,
} from '@cgk-platform/integrations/routes';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { sql } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import {
  configureVault,
  dropTenant,
  getCredential,
  KEY,
  newTenant,
  saveCredential,
  schemaOf,
  testOfOwnTables,
  vault,
} from '../kit/vault';

const BASE = 'https://shop.example/api/admin/integrations';
const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);

let vendors: FakeVendors;
let tenant: string;
let caller: Caller | null;
let reports: RouteReport[];
let events: CredentialEvent[];

const routes = createCredentialRoutes({
  authorize: () => caller,
  trustedOrigins: ['https://admin.example'],
  onEvent: (event) => void events.push(event),
  onError: (report) => void reports.push(report),
});

interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request to the handler that its path belongs to; a string goes as it is. */
async function send(path: string, { method = 'GET', body, headers }: Sent = {}) {
  const request = new Request(`${BASE}/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await handlerOf(path, method)(request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}

function handlerOf(path: string, method: string) {
  if (path.startsWith('health')) {
    return routes.health;
  }
  if (path === 'credentials') {
    return routes.list;
  }
  if (path.endsWith('/verify')) {
    return routes.verify;
  }
  return method === 'DELETE' ? routes.disconnect : routes.save;
}

const save = (service: string, body: unknown, query = '') =>
  send(`credentials/${service}${query}`, { method: 'POST', body });

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configureVault(KEY, { endpoints: vendors.endpoints });
  tenant = await newTenant();
  caller = { tenantId: tenant, userId: 'user-1', role: 'admin' };
  [reports, events] = [[], []];
});

describe('what the contract promises', () => {
  test('nothing connected', async () => {
    const { status, json } = await send('credentials');
    expect([status, json]).toEqual([200, { stripe: null, resend: null, wise: null, services: [] }]);
  });

  test.each(SERVICES)('%s is saved, listed, verified and disconnected', async (service) => {
    const saved = await save(service, inputFor(service));
    const id = (await getCredential(tenant, service))?.id;
    expect(saved.json).toEqual({ success: true, config: { id }, verified: false });

    const { json: list } = await send('credentials');
    const status = [list.stripe, list.resend, list.wise, ...list.services].find(
      (status) => status?.service === service,
    );
    expect(status).toMatchObject({
      service,
      displayName: vault.SERVICE_CATALOG.find(({ id }) => id === service)?.displayName,
      connected: true,
      lastVerifiedAt: null,
      hasError: false,
      errorMessage: null,
      failingSince: null,
      secretsSet: expect.arrayContaining([expect.any(String)]),
    });

    const verified = await send(`credentials/${service}/verify`, { method: 'POST' });
    expect([verified.status, verified.json]).toEqual([
      200,
      expect.objectContaining({ valid: true, status: 'valid' }),
    ]);
    expect((await getCredential(tenant, service))?.lastVerifiedAt).toBeInstanceOf(Date);

    const disconnected = await send(`credentials/${service}`, { method: 'DELETE' });
    expect([disconnected.status, disconnected.json]).toEqual([200, { success: true }]);
    expect(await getCredential(tenant, service)).toBeNull();
    expect((await send('credentials')).json).toMatchObject({ services: [] });
    expect(events).toEqual(
      Object.entries({ save: 'unverified', verify: 'valid', disconnect: 'disconnected' }).map(
        ([action, outcome]) => ({
          action,
          service,
          tenantId: tenant,
          userId: 'user-1',
          outcome,
        }),
      ),
    );
  });

  test('disconnecting what is not connected', async () => {
    const { status, json } = await send('credentials/mux', { method: 'DELETE' });
    expect([status, json]).toEqual([200, { success: true }]);
  });

  test('verifying what is not connected', async () => {
    const { status, json } = await send('credentials/mux/verify', { method: 'POST' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ valid: false, status: 'unchecked', code: 'NOT_CONFIGURED' });
  });

  test('no tenant context', async () => {
    caller = { tenantId: null, userId: 'user-1', role: 'admin' };
    const { status, json } = await send('credentials');
    expect([status, json]).toEqual([400, { error: 'Tenant context required' }]);
  });
});

describe('saving', () => {
  test('with verification: refused, accepted, no answer', async () => {
    const refused = await save('stripe', inputFor('stripe', 'wrong'), '?verify=true');
    expect(refused.status).toBe(422);
    expect(refused.json).toEqual({
      error: expect.stringContaining('Stripe'),
      code: 'CREDENTIAL_INVALID',
      fields: { secretKey: expect.stringContaining('Stripe') },
    });
    expect(await getCredential(tenant, 'stripe')).toBeNull();

    expect((await save('stripe', inputFor('stripe'), '?verify=true')).json.verified).toBe(true);
    const unsure = await save('stripe', inputFor('stripe', 'broken'), '?verify=true');
    expect(unsure.json).toMatchObject({ success: true, verified: false });
  });

  test('fields left out are kept, null clears one', async () => {
    await save('stripe', { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' });
    await save('stripe', { secretKey: 'sk_test_2' });
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');
    await save('stripe', { webhookSecret: null });
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBeNull();
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_2');
  });

  test('properties of metadata that a form does not know are kept', async () => {
    const metadata = {
      accountId: '0123456789abcdef0123456789abcdef',
      bucket: 'uploads',
      region: 'eu',
    };
    await saveCredential(tenant, 'cloudflare_r2', { ...inputFor('cloudflare_r2'), metadata });
    const { status } = await save('cloudflare_r2', { metadata: { bucket: null, note: 'n' } });
    expect(status).toBe(200);
    expect(await vault.getTenantApiCredential(tenant, 'cloudflare_r2')).toMatchObject({
      metadata: { accountId: '0123456789abcdef0123456789abcdef', region: 'eu', note: 'n' },
    });
    const stored = await vault.getTenantApiCredential(tenant, 'cloudflare_r2');
    expect(stored?.metadata).not.toHaveProperty('bucket');
  });

  test('the service may be named in the body, too, but no other', async () => {
    expect((await save('openai', { serviceName: 'openai', apiKey: 'sk-1' })).status).toBe(200);
    const other = await save('mux', { serviceName: 'openai', apiKey: 'sk-1' });
    expect([other.status, Object.keys(other.json.fields)]).toEqual([422, ['serviceName']]);
    expect(await getCredential(tenant, 'mux')).toBeNull();
  });

  test('two admins at once: the last one wins and nothing mixes', async () => {
    const keys = Array.from({ length: 8 }, (_, n) => `sk_test_${n}`);
    const answers = await Promise.all(
      keys.map((secretKey) => save('stripe', { secretKey, webhookSecret: `whsec_${secretKey}` })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const key = await vault.getTenantStripeSecretKey(tenant);
    expect(keys).toContain(key);
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe(`whsec_${key}`);
  });
});

describe('bad input is refused, and nothing is stored', () => {
  const long = 'x'.repeat(128 * 1024);
  const refused: [string, unknown, number, object][] = [
    ['no JSON', '{"secretKey": "sk_live_oops', 400, {}],
    ['an empty body', '', 400, {}],
    ['null', 'null', 422, {}],
    ['an array', '["sk_live_oops"]', 422, {}],
    ['a string', '"sk_live_oops"', 422, {}],
    ['nothing', {}, 422, { fields: { secretKey: 'secretKey is required' } }],
    [
      'wrong fields',
      { secretKey: 'pk_oops', livemode: 'oops' },
      422,
      { fields: { secretKey: expect.any(String), livemode: 'livemode must be true or false' } },
    ],
    ['an unknown field', { secretKey: 'sk_1', oops: 1 }, 422, { code: 'INPUT_INVALID' }],
    ['a prototype key', '{"secretKey":"sk_1","__proto__":{"livemode":true}}', 422, {}],
    ['a constructor', { secretKey: 'sk_1', constructor: { prototype: 'oops' } }, 422, {}],
    ['a tenant', { secretKey: 'sk_1', tenantId: 'oops' }, 422, {}],
    ['64 KiB and one byte', { secretKey: `sk_${long.slice(0, 65_534)}` }, 422, {}],
    ['128 KiB and one byte', `{"secretKey":"${long}`, 413, {}],
    ['1 MB', `{"secretKey":"${long.repeat(8)}"}`, 413, {}],
  ];

  test.each(refused)('%s', async (_, body, status, answer) => {
    const result = await save('stripe', body);
    expect(result.status).toBe(status);
    expect(result.json).toMatchObject({ error: expect.any(String), ...answer });
    expect(result.text).not.toMatch(/oops/);
    expect(await getCredential(tenant, 'stripe')).toBeNull();
    expect([reports, events]).toEqual([[], []]);
  });

  test('128 KiB and no byte more are read', async () => {
    const frame = '{"secretKey":""}';
    const body = frame.replace('""', `"${long.slice(frame.length)}"`);
    expect(body).toHaveLength(128 * 1024);
    expect((await save('stripe', body)).status).toBe(422);
  });

  test('a body without a length is cut off, too', async () => {
    let sent = 0;
    const chunk = new TextEncoder().encode('x'.repeat(64 * 1024));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(chunk);
      },
    });
    const init = { method: 'POST', body, duplex: 'half', headers: JSON_TYPE };
    const response = await routes.save(new Request(`${BASE}/credentials/stripe`, init as never));
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(8);
  });

  test('bytes that are no UTF-8', async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const init = { method: 'POST', body, headers: JSON_TYPE };
    const response = await routes.save(new Request(`${BASE}/credentials/stripe`, init));
    expect(response.status).toBe(400);
  });

  test.each(['text/plain', 'multipart/form-data', ''])('content type %p', async (type) => {
    const headers = { 'content-type': type };
    const body = '{"secretKey":"sk_1"}';
    const result = await send('credentials/stripe', { method: 'POST', body, headers });
    expect(result.status).toBe(415);
  });

  test('a content type with a parameter is read', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    const body = '{"secretKey":"sk_1"}';
    const result = await send('credentials/stripe', { method: 'POST', body, headers });
    expect(result.status).toBe(200);
  });

  test('a service outside the catalog can be disconnected, and no more', async () => {
    const serviceName = 'paypal' as 'mux';
    await vault.saveTenantApiCredential(tenant, { serviceName, apiKey: 'a' });
    expect((await save('paypal', { apiKey: 'x' })).status).toBe(404);
    expect((await send('credentials/paypal/verify', { method: 'POST' })).status).toBe(404);
    expect((await send('credentials/paypal', { method: 'DELETE' })).status).toBe(200);
    expect(await vault.getTenantApiCredential(tenant, serviceName)).toBeNull();
  });

  test.each(['pay-pal', '__PROTO__', 'STRIPE', '%E0%A4%A', 'stripe%20', 'mux%2Fverify'])(
    'the service %p',
    async (service) => {
      for (const request of [
        save(service, { apiKey: 'x' }),
        send(`credentials/${service}`, { method: 'DELETE' }),
        send(`credentials/${service}/verify`, { method: 'POST' }),
      ]) {
        expect(await request).toMatchObject({ status: 404, json: { code: 'SERVICE_UNKNOWN' } });
      }
    },
  );
});

const JSON_TYPE = { 'content-type': 'application/json' };

/** One request to each handler. */
const EVERY_ROUTE: [string, Sent][] = [
  ['credentials', {}],
  ['credentials/stripe', { method: 'POST', body: { secretKey: 'sk_1' } }],
  ['credentials/stripe', { method: 'DELETE' }],
  ['credentials/stripe/verify', { method: 'POST' }],
  ['health', {}],
];
const WRITES = EVERY_ROUTE.filter(([, { method }]) => method !== undefined);

describe('access', () => {
  beforeEach(async () => {
    await saveCredential(tenant, 'stripe', { secretKey: 'sk_before' });
  });

  async function expectNothingChanged(): Promise<void> {
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_before');
    expect(events).toEqual([]);
  }

  test.each(EVERY_ROUTE)('%s %j is for admins only', async (path, sent) => {
    caller = null;
    expect((await send(path, sent)).status).toBe(401);
    for (const role of ['member', 'owner', 'ADMIN', '', undefined]) {
      caller = { tenantId: tenant, userId: 'user-1', role: role as 'member' };
      const { status, json } = await send(path, sent);
      expect([status, json.error]).toEqual([403, expect.stringContaining('admin')]);
    }
    caller = { tenantId: '', userId: 'user-1', role: 'admin' };
    expect((await send(path, sent)).status).toBe(400);
    await expectNothingChanged();
  });

  test.each(EVERY_ROUTE)('%s %j takes the tenant from the session only', async (path, sent) => {
    const other = await newTenant();
    caller = { tenantId: other, userId: 'user-2', role: 'admin' };
    const headers = { 'x-tenant-id': tenant, cookie: `tenant=${tenant}` };
    const { text } = await send(`${path}?tenantId=${tenant}`, { ...sent, headers });
    expect(text).not.toContain(tenant);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_before');
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({ lastVerifiedAt: null });
  });

  test.each(WRITES)('%s %j from another site is refused', async (path, sent) => {
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://blog.shop.example' },
      { origin: 'https://evil.example' },
      { origin: 'https://shop.example.evil.example' },
      { origin: 'null' },
      { origin: 'http://shop.example:8080' },
      // Anybody can send it, so it vouches for nobody.
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ];
    for (const headers of foreign) {
      expect((await send(path, { ...sent, headers })).status).toBe(403);
    }
    await expectNothingChanged();
  });

  test.each([
    { 'sec-fetch-site': 'same-origin', origin: 'https://shop.example' },
    { origin: 'https://shop.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://admin.example' },
    { origin: 'https://shop.example', 'x-forwarded-host': 'evil.example' },
    {},
  ])('a write with %j is its own site’s', async (headers) => {
    const sent = { method: 'POST', body: { secretKey: 'sk_after' }, headers };
    expect((await send('credentials/stripe', sent)).status).toBe(200);
  });

  test('where a proxy tells the host, what it tells counts', async () => {
    const behindProxy = createCredentialRoutes({
      authorize: () => caller,
      trustForwardedHost: true,
    });
    const statusOf = async (headers: Record<string, string>) => {
      const url = `${BASE}/credentials/stripe`;
      const request = new Request(url, { method: 'DELETE', headers });
      return (await behindProxy.disconnect(request)).status;
    };
    const origin = 'https://public.example';
    expect(await statusOf({ origin, 'x-forwarded-host': 'public.example' })).toBe(200);
    expect(await statusOf({ origin, 'x-forwarded-host': 'public.example, 10.0.0.1' })).toBe(200);
    expect(await statusOf({ origin, 'x-forwarded-host': 'other.example' })).toBe(403);
    expect(await statusOf({ origin, 'x-forwarded-host': '' })).toBe(403);
    expect(await statusOf({ origin: 'https://shop.example' })).toBe(200);
    expect(
      await statusOf({
        'sec-fetch-site': 'cross-site',
        'x-forwarded-host': 'public.example',
        origin,
      }),
    ).toBe(403);
  });

  test('unsupported methods name the one there is', async () => {
    const expected: [keyof typeof routes, string][] = [
      ['list', 'GET'],
      ['save', 'POST'],
      ['disconnect', 'DELETE'],
      ['verify', 'POST'],
      ['health', 'GET'],
    ];
    for (const [name, method] of expected) {
      for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
        if (other !== method) {
          const request = new Request(`${BASE}/credentials/stripe`, { method: other });
          const response = await routes[name](request);
          expect([response.status, response.headers.get('allow')]).toEqual([405, method]);
        }
      }
    }
    await expectNothingChanged();
  });

  test('there is no default that lets anyone in', () => {
    for (const options of [undefined, {}, { authorize: true }]) {
      expect(() => createCredentialRoutes(options as never)).toThrow('needs authorize');
    }
  });
});

describe('a body that does not come to an end', () => {
  /** Sends it to the handler; nothing but the time limit ends it. */
  async function sendSlowly(body: ReadableStream<Uint8Array>) {
    const impatient = createCredentialRoutes({ authorize: () => caller, bodyTimeoutMs: 50 });
    const request = new Request(`${BASE}/credentials/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    const response = await impatient.save(request);
    return [response.status, await response.json()];
  }
  const refused = [408, { error: 'The body took too long to arrive. Send the request again' }];

  test('does not hold a handler for ever, be it silent or deaf to its end', async () => {
    const silent = new ReadableStream({});
    expect(await sendSlowly(silent)).toEqual(refused);
    const deaf = new ReadableStream({ cancel: () => new Promise(() => {}) });
    expect(await sendSlowly(deaf)).toEqual(refused);
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  });

  test('gains no time by one byte after another', async () => {
    const dripping = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        controller.enqueue(new TextEncoder().encode(' '));
      },
    });
    expect(await sendSlowly(dripping)).toEqual(refused);
  });

  test.each([0, -1, 1.5, Number.NaN, '50'])('the limit cannot be %p', (bodyTimeoutMs) => {
    const make = () => createCredentialRoutes({ authorize: () => caller, bodyTimeoutMs } as never);
    expect(make).toThrow('bodyTimeoutMs must be a positive integer');
  });
});

describe('answers', () => {
  test('carry neither secrets nor ciphertext, and are not cached', async () => {
    const input = { secretKey: 'sk_test_right', webhookSecret: 'whsec_visible' };
    const answers = [
      await save('stripe', input),
      await save('mux', { apiKey: 'id-visible', apiSecret: 's-right', webhookSecret: 'w-visible' }),
      await send('credentials'),
      await send('credentials/stripe/verify', { method: 'POST' }),
      await send('health'),
    ];
    const stripe = await vault.getTenantStripeConfig(tenant);
    const mux = await vault.getTenantApiCredential(tenant, 'mux');
    const hidden = [
      ...['sk_test_right', 'whsec_visible', 'id-visible', 's-right', 'w-visible'],
      stripe?.secretKeyEncrypted ?? '',
      stripe?.webhookSecretEncrypted ?? '',
      mux?.apiKeyEncrypted ?? '',
      String(mux?.metadata.webhookSecretEncrypted),
    ];
    for (const { status, text, headers } of answers) {
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toBe('application/json');
      expect(hidden.filter((secret) => text.includes(secret))).toEqual([]);
      expect(text).not.toMatch(/[0-9a-f]{32}:[0-9a-f]{32}/);
    }
  });

  test('names in HTML stay data', async () => {
    const defaultFromName = '<script>alert(1)</script>';
    await save('resend', { apiKey: 're_right', defaultFromName });
    const { json, headers } = await send('credentials');
    expect(json.resend.values.defaultFromName).toBe(defaultFromName);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a database that can not be reached gives an id that the log has, too', async () => {
    const query = () => Promise.reject(new Error('secret words of a driver'));
    const databaseUrl = 'postgres://u:hunter2@127.0.0.1:1/db';
    configureVault(KEY, { databaseUrl, connectTimeoutMs: 500, driver: { query } });
    for (const [path, sent] of EVERY_ROUTE.filter(([path]) => !path.includes('/verify'))) {
      const { status, text, json } = await send(path, sent);
      expect(status).toBe(503);
      expect(text).not.toMatch(/hunter2|secret words|127\.0\.0\.1/);
      if (path !== 'health') {
        expect(json.error).toContain(json.id);
        expect(reports.at(-1)).toMatchObject({
          id: json.id,
          status: 503,
          path: expect.any(String),
        });
      }
    }
  });

  test('what authorize throws stays in the log', async () => {
    const { list } = createCredentialRoutes({
      authorize: () => Promise.reject(new Error('session store: hunter2')),
      onError: (report) => void reports.push(report),
    });
    const response = await list(new Request(`${BASE}/credentials?token=t`));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(text).toContain(reports[0]?.id);
    expect(reports[0]?.path).toBe('/api/admin/integrations/credentials');
  });

  test('one line goes to the console where the host has no log of its own', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    try {
      await dropTenant(tenant);
      const { list } = createCredentialRoutes({ authorize: () => caller });
      const response = await list(new Request(`${BASE}/credentials?token=t`));
      const { id } = (await response.json()) as { id: string };
      expect(response.status).toBe(503);
      expect(log.mock.calls).toEqual([[expect.stringContaining(id)]]);
      expect(log.mock.calls[0]?.[0]).toContain('TENANT_NOT_FOUND');
      expect(log.mock.calls[0]?.[0]).not.toContain('token=t');
    } finally {
      log.mockRestore();
    }
  });
});

describe('health', () => {
  test('is the tenant’s, as JSON', async () => {
    await saveCredential(tenant, 'stripe', { secretKey: 'sk_1' });
    const { status, json } = await send('health');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      healthy: true,
      checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      database: { reachable: true },
      encryptionKey: { present: true },
    });
    expect(json.services).toHaveLength(vault.SERVICE_CATALOG.length);
  });

  test('is 503 without a key, and 200 with a credential that fails', async () => {
    await saveCredential(tenant, 'mux', { apiKey: 'a', apiSecret: 'b' });
    await vault.updateApiCredentialVerification(tenant, 'mux' satisfies TenantService, false);
    expect(await send('health')).toMatchObject({ status: 200, json: { healthy: false } });
    configureVault('too short');
    expect(await send('health')).toMatchObject({ status: 503, json: { healthy: false } });
  });

  testOfOwnTables(
    'tells the ids of keys and what is under them, and no key, token or secret',
    async () => {
      const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
      configureVault(A);
      await saveCredential(tenant, 'stripe', { secretKey: 'sk_test_hidden' });
      configureVault(B, { previousEncryptionKeys: [A] });
      await sql(`alter table ${schemaOf(tenant)}.tenant_wise_config drop column failing_since`);
      const { status, json } = await send('health');
      expect(status).toBe(200);
      expect(json).toMatchObject({
        healthy: true,
        database: { migration: { missing: ['failing_since'] } },
        encryptionKey: {
          keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
          values: [{ format: 'v1', isCurrent: false, values: 1 }],
          rotationPending: true,
        },
      });
      expect(JSON.stringify(json)).not.toMatch(/[ab]{16}|hidden|([0-9a-f]{8}:){2}/);
    },
  );

  test('tells codes only of a database that cannot be reached: no host, no text', async () => {
    const query = () => Promise.reject(new Error('db.internal refused'));
    const databaseUrl = 'postgres://u:hunter2@db.internal.invalid:1/db';
    configureVault(KEY, { databaseUrl, connectTimeoutMs: 500, driver: { query } });
    const { status, json } = await send('health');
    expect(status).toBe(503);
    expect(json.database).toEqual({ reachable: false, errorCode: expect.any(String) });
    expect(JSON.stringify(json)).not.toContain('internal');
  });
});

describe('limits of a tenant', () => {
  const limited = (rateLimits: object) =>
    createCredentialRoutes({ authorize: () => caller, rateLimits });
  const disconnect = () => new Request(`${BASE}/credentials/openai`, { method: 'DELETE' });

  test('more writes than are allowed are refused until the minute is over, those of others are not', async () => {
    const own = limited({ writesPerMinute: 2 });
    const answers = [];
    for (let n = 0; n < 3; n += 1) {
      answers.push(await own.disconnect(disconnect()));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const seconds = Number(answers[2]?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    caller = { tenantId: await newTenant(), userId: 'user-2', role: 'admin' };
    expect((await own.disconnect(disconnect())).status).toBe(200);
  });

  test('a save that asks the vendor counts as a write and as a verification', async () => {
    const counted: string[] = [];
    const store = {
      count: (key: string, windowMs: number) => {
        counted.push(key);
        return { count: key.endsWith('verifications') ? 11 : 1, remainingMs: windowMs };
      },
    };
    const own = limited({ store });
    const url = `${BASE}/credentials/openai?verify=true`;
    const response = await own.save(new Request(url, { method: 'POST', body: '{}' }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
    expect(counted).toEqual([`${tenant}:writes`, `${tenant}:verifications`]);
  });

  test.each([{ writesPerMinute: 0 }, { verificationsPerMinute: 1.5 }, { store: {} }])(
    '%j is refused',
    (rateLimits) => {
      expect(() => limited(rateLimits)).toThrow('createCredentialRoutes: rateLimits.');
    },
  );
});
