// Changing the encryption key and the token format, with rows that are read by SQL.

import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import {
  configureVault,
  getCredential,
  KEY,
  newTenant,
  rejection,
  schemaOf,
  vault,
} from '../kit/vault';

/** Generated keys, as v2 needs them, and one that is a passphrase. */
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const PASSPHRASE = KEY;

const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);

let tenant: string;

beforeAll(() => configureVault(A));
beforeEach(async () => {
  configureVault(A);
  tenant = await newTenant();
});
afterEach(() => {
  for (const name of ['NEXT', 'PREVIOUS']) {
    delete process.env[`INTEGRATION_ENCRYPTION_KEY_${name}`];
  }
  delete process.env.INTEGRATION_TOKEN_FORMAT;
  delete process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY;
  delete process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS;
});

/** Saves a credential of every service, and disconnects one. */
async function fill(slug = tenant): Promise<void> {
  for (const id of SERVICES) {
    await vault.saveTenantCredential(slug, id, inputFor(id) as never);
  }
  await vault.saveTenantCredential(slug, 'mux', { webhookSecret: 'mux-hook' } as never);
  await vault.deleteTenantCredential(slug, 'easypost');
}

interface Place {
  place: string;
  token: string;
}

/** Every text in the tenant's tables that parses as a token, wherever it stands. */
async function tokensOf(slug = tenant): Promise<Place[]> {
  const tables = [
    'tenant_stripe_config',
    'tenant_resend_config',
    'tenant_wise_config',
    'tenant_api_credentials',
  ];
  const places: Place[] = [];
  for (const table of tables) {
    const { rows } = await sql(`select * from ${schemaOf(slug)}.${table} order by id`);
    for (const row of rows) {
      const walk = (value: unknown, path: string) => {
        if (typeof value === 'string' && /^(v2\.|([0-9a-f]+:){3})/.test(value)) {
          places.push({ place: path, token: value });
        } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
          for (const [name, member] of Object.entries(value)) {
            walk(member, `${path}.${name}`);
          }
        }
      };
      walk(row, `${table}.${row.service_name ?? ''}`);
    }
  }
  return places;
}

/** Another text that lenient decoders read as the same bytes. */
function withUnusedBits(body: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const changed = body.slice(0, -1) + digits[digits.indexOf(body.slice(-1)) + 1];
  expect(Buffer.from(changed, 'base64url')).toEqual(Buffer.from(body, 'base64url'));
  return changed;
}

/** All rows as they are, but for when they changed. */
async function rowsOf(slug = tenant): Promise<string> {
  const { rows } = await sql(
    `select to_jsonb(t)::text as row from ${schemaOf(slug)}.tenant_stripe_config t
     union all select to_jsonb(t)::text from ${schemaOf(slug)}.tenant_api_credentials t order by 1`,
  );
  return JSON.stringify(rows);
}

/** The secrets of all services as they are read. */
async function secretsOf(slug = tenant): Promise<unknown> {
  const apiServices = SERVICES.filter((id) => !['stripe', 'resend', 'wise'].includes(id));
  return Promise.all([
    vault.getTenantStripeSecretKey(slug),
    vault.getTenantResendApiKey(slug),
    vault.getTenantWiseApiKey(slug),
    vault.getTenantMuxWebhookSecret(slug),
    ...apiServices.map((id) => vault.getTenantApiKeyAndSecret(slug, id as 'mux')),
  ]);
}

describe('keys of the ring', () => {
  test('the next and the previous keys read, and only the current one writes', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    configureVault(B, { previousEncryptionKeys: [A] });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_2' });
    configureVault(A);
    expect((await rejection(vault.getTenantStripeSecretKey(tenant)))[0]).toBe('DECRYPTION_FAILED');
    configureVault(A, { nextEncryptionKeys: [C, B] });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_2');
  });

  test('come from the environment, one or a JSON array of them', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    configureVault(B);
    expect((await rejection(vault.getTenantStripeSecretKey(tenant)))[0]).toBe('DECRYPTION_FAILED');
    for (const [name, value] of [
      ['PREVIOUS', A],
      ['NEXT', A],
      ['PREVIOUS', JSON.stringify([C, A])],
    ] as const) {
      process.env[`INTEGRATION_ENCRYPTION_KEY_${name}`] = value;
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
      delete process.env[`INTEGRATION_ENCRYPTION_KEY_${name}`];
    }
  });

  test.each([
    ['no array', '[1, 2]', 'must be one key or a JSON array of strings'],
    ['no JSON', '["', 'must be one key or a JSON array of strings'],
    ['a short key', JSON.stringify([A, 'short']), 'INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 2'],
    ['nine keys', JSON.stringify([...'bcdef0123'].map((digit) => digit.repeat(64))), 'more than 8'],
  ])('%s is named by its variable and place, and never shown', async (_name, value, sentence) => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    process.env.INTEGRATION_ENCRYPTION_KEY_PREVIOUS = value;
    const [code, message] = await rejection(vault.getTenantStripeSecretKey(tenant));
    expect(code).toBe('KEY_INVALID');
    expect(message).toContain(sentence);
    expect(message).not.toMatch(/short|bbbb/);
  });

  test.each([
    ['nextEncryptionKeys', { nextEncryptionKeys: [A, 'short'] }, 'nextEncryptionKeys, key 2: '],
    [
      'previousEncryptionKeys',
      { previousEncryptionKeys: ['short'] },
      'previousEncryptionKeys, key 1: ',
    ],
    ['encryptionKey', { encryptionKey: 'cgkt1.hunter2' }, 'encryptionKey: '],
    [
      'encryptionKey as a function',
      { encryptionKey: async () => 'cgkt1.hunter2' },
      'encryptionKey: ',
    ],
    [
      'nine keys',
      { previousEncryptionKeys: [...'cdef0123'].map((digit) => digit.repeat(64)) },
      'encryptionKey, INTEGRATION_ENCRYPTION_KEY_NEXT and previousEncryptionKeys hold more than 8',
    ],
  ])('%s: an error names the option where it is one', async (_name, options, start) => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    process.env.INTEGRATION_ENCRYPTION_KEY_NEXT = C;
    configureVault(A, options);
    const [code, message] = await rejection(vault.getTenantStripeSecretKey(tenant));
    expect([code, message.slice(0, start.length)]).toEqual(['KEY_INVALID', start]);
    expect(message).not.toMatch(/short|hunter2|cccc/);
  });

  test('a key may stand in the ring twice', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    configureVault(B, { nextEncryptionKeys: [B, A, A], previousEncryptionKeys: [A, B, C, C] });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    expect(await vault.rotateEncryptionKeys({ tenants: [tenant] })).toMatchObject({
      rewritten: 1,
      failures: [],
    });
    configureVault(B);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  });

  test('a key with a comma is one key, in a variable and in an array', async () => {
    const comma = 'one passphrase, which has commas, and no other';
    configureVault(comma);
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    configureVault(B);
    for (const value of [comma, JSON.stringify([A, comma])]) {
      process.env.INTEGRATION_ENCRYPTION_KEY_PREVIOUS = value;
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    }
  });

  test.each([
    ['generated keys with commas in between', `${A},${C}`, 'a JSON array of strings'],
    [
      'the same with spaces, in base64',
      [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')).join(', '),
      'a JSON array of strings',
    ],
    ['an array in an array', JSON.stringify([[A]]), 'a JSON array of strings'],
    ['an array with null', JSON.stringify([A, null]), 'a JSON array of strings'],
    ['an array and more', `["${A}"] ["${C}"]`, 'a JSON array of strings'],
    ['an object', '{"key":"short"}', 'INTEGRATION_ENCRYPTION_KEY_NEXT, key 1'],
  ])('%s: refused, and not shown', async (_name, value, sentence) => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    process.env.INTEGRATION_ENCRYPTION_KEY_NEXT = value;
    const [code, message] = await rejection(vault.getTenantStripeSecretKey(tenant));
    expect(code).toBe('KEY_INVALID');
    expect(message).toContain('INTEGRATION_ENCRYPTION_KEY_NEXT');
    expect(message).toContain(sentence);
    expect(message).not.toMatch(/short|aaaa|cccc|AQEB/);
  });

  test('an empty array is no key', async () => {
    process.env.INTEGRATION_ENCRYPTION_KEY_PREVIOUS = '[]';
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  });

  test.each(['v1', 'v2'] as const)(
    '%s: a wrong next key reads its own values and no others',
    async (tokenFormat) => {
      await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
      // Another process is one step ahead, with the right key.
      configureVault(B, { previousEncryptionKeys: [A], tokenFormat });
      await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
      const id = (await vault.getCredentialHealth(tenant)).encryptionKey.keyId as string;
      configureVault(A, { nextEncryptionKeys: [C], tokenFormat });
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
      const [code, message] = await rejection(vault.getTenantApiKey(tenant, 'openai'));
      expect(code).toBe(tokenFormat === 'v1' ? 'DECRYPTION_FAILED' : 'KEY_UNKNOWN');
      expect(message.includes(id)).toBe(tokenFormat === 'v2');
      const report = await vault.rotateEncryptionKeys({ tenants: [tenant] });
      expect(report.failures).toEqual([
        { tenantId: tenant, service: 'openai', field: 'apiKey', code },
      ]);
      configureVault(A, { nextEncryptionKeys: [B], tokenFormat });
      expect(await vault.getTenantApiKey(tenant, 'openai')).toBe('sk-1');
    },
  );

  test('keys that are swapped read everything, and rewriting under the wrong one loses nothing', async () => {
    await fill();
    const secrets = await secretsOf();
    configureVault(B, { previousEncryptionKeys: [A], tokenFormat: 'v2' });
    await vault.rotateEncryptionKeys({ tenants: [tenant] });
    configureVault(A, { previousEncryptionKeys: [B], tokenFormat: 'v2' });
    expect(await secretsOf()).toEqual(secrets);
    expect((await vault.getCredentialHealth(tenant)).encryptionKey.rotationPending).toBe(true);
    expect((await vault.rotateEncryptionKeys({ tenants: [tenant] })).failures).toEqual([]);
    configureVault(B, { previousEncryptionKeys: [A], tokenFormat: 'v2' });
    expect(await secretsOf()).toEqual(secrets);
    expect((await vault.rotateEncryptionKeys({ tenants: [tenant] })).failures).toEqual([]);
    configureVault(B, { tokenFormat: 'v2-only' });
    expect(await secretsOf()).toEqual(secrets);
  });

  test('a function gives the key: asked once, its failure told without its words, and asked again', async () => {
    let asked = 0;
    let fails = true;
    const encryptionKey = async () => {
      asked += 1;
      if (fails) {
        throw new Error(`no access to ${A}`);
      }
      return A;
    };
    configureVault(null, { encryptionKey });
    const [code, message] = await rejection(vault.getTenantStripeSecretKey(tenant));
    expect(code).toBe('KEY_UNAVAILABLE');
    expect(message).not.toContain(A);
    fails = false;
    asked = 0;
    await Promise.all([
      vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' }),
      vault.getTenantApiKey(tenant, 'mux'),
    ]);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    expect(asked).toBe(1);
  });
});

test('Shopify tokens are read with previous keys, too, unless a key is given', async () => {
  const [now, before] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];
  const token = await vault.encryptShopifyToken('shpat', before);
  process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY = now;
  expect((await rejection(vault.decryptShopifyToken(token)))[0]).toBe('DECRYPTION_FAILED');
  for (const previous of [before, JSON.stringify(['3'.repeat(64), before])]) {
    process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS = previous;
    expect(await vault.decryptShopifyToken(token)).toBe('shpat');
    expect((await rejection(vault.decryptShopifyToken(token, now)))[0]).toBe('DECRYPTION_FAILED');
  }
});

describe('token formats', () => {
  test('v1 is written unless v2 is asked for, and both are read', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    expect((await tokensOf()).map(({ token }) => token.slice(0, 3))).not.toContain('v2.');
    process.env.INTEGRATION_TOKEN_FORMAT = 'v2';
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
    expect((await tokensOf()).map(({ token }) => token.slice(0, 3))).toContain('v2.');
    configureVault(A, { tokenFormat: 'v1' });
    expect(await vault.getTenantApiKey(tenant, 'openai')).toBe('sk-1');
  });

  test('v2-only refuses what is of v1, and says how to rewrite it', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    configureVault(A, { tokenFormat: 'v2-only' });
    const [code, message] = await rejection(vault.getTenantStripeSecretKey(tenant));
    expect(code).toBe('TOKEN_FORMAT');
    expect(message).toContain('keys rotate --format v2');
    expect(await vault.rotateEncryptionKeys({ tenants: [tenant] })).toMatchObject({ rewritten: 1 });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
  });

  test.each([
    ['of a suite that is kept free', (body: string) => `E${body.slice(1)}`],
    ['with padding', (body: string) => `${body}=`],
    ['in the alphabet of plain base64', (body: string) => `${body.slice(0, -1)}+`],
    ['that does not encode back to itself', (body: string) => withUnusedBits(body)],
  ])('a stored token %s is none, is named, and stays as it is', async (_name, change) => {
    configureVault(A, { tokenFormat: 'v2' });
    // 34 bytes of plaintext: the last digit of the body has bits that encode nothing.
    await vault.saveTenantStripeConfig(tenant, { secretKey: `sk_test_${'1'.repeat(26)}` });
    const [{ token } = { token: '' }] = await tokensOf();
    const [version, id, body = ''] = token.split('.');
    const changed = [version, id, change(body)].join('.');
    expect(changed).not.toBe(token);
    await sql(`update ${schemaOf(tenant)}.tenant_stripe_config set secret_key_encrypted = $1`, [
      changed,
    ]);
    expect((await rejection(vault.getTenantStripeSecretKey(tenant)))[0]).toBe('TOKEN_FORMAT');
    configureVault(B, { previousEncryptionKeys: [A], tokenFormat: 'v2' });
    const { rewritten, failures } = await vault.rotateEncryptionKeys({ tenants: [tenant] });
    expect([rewritten, failures]).toEqual([
      0,
      [{ tenantId: tenant, service: 'stripe', field: 'secretKey', code: 'TOKEN_FORMAT' }],
    ]);
    const { rows } = await sql(
      `select secret_key_encrypted from ${schemaOf(tenant)}.tenant_stripe_config`,
    );
    expect(rows).toEqual([{ secret_key_encrypted: changed }]);
  });

  test('an unknown format is refused', async () => {
    process.env.INTEGRATION_TOKEN_FORMAT = 'v3';
    const [code, message] = await rejection(vault.getTenantStripeConfig(tenant));
    expect([code, message]).toEqual([
      'CONFIG_INVALID',
      'INTEGRATION_TOKEN_FORMAT must be one of v1, v2, v2-only',
    ]);
  });

  test('v2 needs a generated key', async () => {
    configureVault(PASSPHRASE, { tokenFormat: 'v2' });
    const [code, message] = await rejection(
      vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' }),
    );
    expect(code).toBe('KEY_INVALID');
    expect(message).toContain('generate-encryption-keys');
    expect((await rejection(vault.rotateEncryptionKeys({ tenants: [tenant] })))[0]).toBe(
      'KEY_INVALID',
    );
  });
});

describe('rotation', () => {
  test('rewrites every place of a token, and nothing else that anybody sees', async () => {
    await fill();
    await vault.updateStripeConfigVerification(tenant, false, null, 'revoked');
    const places = await tokensOf();
    const before = await vault.getTenantCredentialStatuses(tenant);
    const secrets = await secretsOf();
    configureVault(B, { previousEncryptionKeys: [A] });

    const usage = await vault.getEncryptionKeyUsage(tenant);
    expect(usage).toMatchObject({ tenants: 1, values: places.length, failures: [] });
    expect(usage.keys.every(({ isCurrent, format }) => !isCurrent && format === 'v1')).toBe(true);

    const rows = await rowsOf();
    const dry = await vault.rotateEncryptionKeys({ tenants: [tenant], dryRun: true });
    expect(dry).toMatchObject({ values: places.length, rewritten: places.length, unchanged: 0 });
    expect(await rowsOf()).toBe(rows);

    const progress: unknown[] = [];
    const report = await vault.rotateEncryptionKeys({
      tenants: [tenant],
      onProgress: (step) => progress.push(step),
    });
    expect(report).toEqual({
      tenants: 1,
      values: places.length,
      rewritten: places.length,
      unchanged: 0,
      changedMeanwhile: 0,
      failures: [],
    });
    expect(progress).toEqual([{ done: 1, tenants: 1, values: places.length }]);
    const after = await tokensOf();
    expect(after.map(({ place }) => place)).toEqual(places.map(({ place }) => place));
    const kept = after.filter(({ token }, index) => token === places[index]?.token);
    expect(kept).toEqual([]);
    expect(await vault.getTenantCredentialStatuses(tenant)).toEqual(before);

    const again = await vault.rotateEncryptionKeys({ tenants: [tenant] });
    expect(again).toMatchObject({ rewritten: 0, unchanged: places.length });
    configureVault(B);
    expect(await secretsOf()).toEqual(secrets);
    const now = await vault.getEncryptionKeyUsage(tenant);
    expect(now.keys.every(({ isCurrent }) => isCurrent)).toBe(true);
    // What was disconnected comes back when it is connected again.
    expect(now.values).toBe(places.length);
  });

  test('goes from v1 to v2 and back, and leaves out what is disconnected where that is asked for', async () => {
    await fill();
    const secrets = await secretsOf();
    const count = (await tokensOf()).length;
    const tenants = [tenant];
    const connected = await vault.rotateEncryptionKeys({
      tenants,
      tokenFormat: 'v2',
      includeDisconnected: false,
    });
    expect(connected.values).toBeLessThan(count);
    const rest = await vault.rotateEncryptionKeys({ tenants, tokenFormat: 'v2' });
    expect(connected.rewritten + rest.rewritten).toBe(count);
    expect((await tokensOf()).every(({ token }) => token.startsWith('v2.'))).toBe(true);
    expect(await secretsOf()).toEqual(secrets);
    await vault.rotateEncryptionKeys({ tenants, tokenFormat: 'v1' });
    expect((await tokensOf()).some(({ token }) => token.startsWith('v2.'))).toBe(false);
    expect(await secretsOf()).toEqual(secrets);
  });

  test('names what cannot be read, and goes on with the rest', async () => {
    await fill();
    await sql(
      `update ${schemaOf(tenant)}.tenant_api_credentials set api_key_encrypted = 'damaged' where service_name = 'openai'`,
    );
    configureVault(B, { previousEncryptionKeys: [A] });
    const missing = 'no_such_tenant';
    const report = await vault.rotateEncryptionKeys({ tenants: [missing, tenant] });
    expect(report.failures).toEqual(
      expect.arrayContaining([
        { tenantId: missing, service: null, field: null, code: 'TENANT_NOT_FOUND' },
        { tenantId: tenant, service: 'openai', field: 'apiKey', code: 'TOKEN_FORMAT' },
      ]),
    );
    expect(report.failures).toHaveLength(2);
    expect(report.rewritten).toBe(report.values - 1);
  });

  test('a wrong next key rewrites nothing', async () => {
    await fill();
    const rows = await rowsOf();
    configureVault(B);
    const report = await vault.rotateEncryptionKeys({ tenants: [tenant] });
    expect(report.rewritten).toBe(0);
    expect(report.failures).toHaveLength(report.values);
    expect(new Set(report.failures.map(({ code }) => code))).toEqual(
      new Set(['DECRYPTION_FAILED']),
    );
    expect(await rowsOf()).toBe(rows);
  });

  test('a save that happens in the meantime wins', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_0' });
    configureVault(B, { previousEncryptionKeys: [A] });
    const saves = Array.from({ length: 20 }, async (_, number) => {
      await vault.saveTenantStripeConfig(tenant, { secretKey: `sk_test_${number}` });
    });
    const rotations = Array.from({ length: 5 }, () =>
      vault.rotateEncryptionKeys({ tenants: [tenant] }),
    );
    await Promise.all([...saves, ...rotations]);
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_last' });
    await vault.rotateEncryptionKeys({ tenants: [tenant] });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_last');
  });

  test('stops at a signal, and takes up where it stopped', async () => {
    const tenants = [tenant, await newTenant(), await newTenant()];
    for (const slug of tenants) {
      await vault.saveTenantStripeConfig(slug, { secretKey: 'sk_test_1' });
    }
    configureVault(B, { previousEncryptionKeys: [A] });
    const controller = new AbortController();
    const first = await vault.rotateEncryptionKeys({
      tenants,
      concurrency: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(first).toMatchObject({ tenants: 1, rewritten: 1 });
    expect(await vault.rotateEncryptionKeys({ tenants })).toMatchObject({
      tenants: 3,
      rewritten: 2,
      unchanged: 1,
    });
  });

  test.each([
    ['concurrency', { concurrency: 0 }],
    ['maxPerSecond', { maxPerSecond: 1.5 }],
    ['tokenFormat', { tokenFormat: 'v3' as 'v2' }],
    ['tenants', { tenants: 'acme' as never }],
    ['pass an object', 'acme' as never],
  ])('refuses a wrong %s', async (name, options) => {
    const [code, message] = await rejection(vault.rotateEncryptionKeys(options));
    expect([code, message.startsWith(`rotateEncryptionKeys: ${name}`)]).toEqual([
      'CONFIG_INVALID',
      true,
    ]);
  });

  test('a verification and a partial save that began before a rewrite are recorded', async () => {
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
    });
    configureVault(B, { previousEncryptionKeys: [A] });
    await Promise.all([
      vault.rotateEncryptionKeys({ tenants: [tenant] }),
      vault.saveTenantCredential(tenant, 'stripe', { publishableKey: 'pk_test_2' } as never),
    ]);
    expect(await getCredential(tenant, 'stripe')).toMatchObject({ publishableKey: 'pk_test_2' });
  });
});
