import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { configureVault, KEY, newTenant, rejection, vault } from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

type AnyInput = Parameters<typeof vault.saveTenantStripeConfig>[1];

const saveStripe = (input: unknown) => vault.saveTenantStripeConfig(tenant, input as AnyInput);

/** Nothing was stored, and the next call works. */
async function expectUntouched(): Promise<void> {
  expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_next' });
  expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_next');
}

describe('inputs', () => {
  test.each([
    ['nothing', undefined, 'The input must be an object'],
    ['null', null, 'The input must be an object'],
    ['a string', 'sk_live_oops', 'The input must be an object'],
    ['a number', 42, 'The input must be an object'],
    ['an array', ['sk_live_oops'], 'The input must be an object'],
    ['a function', () => 'sk_live_oops', 'The input must be an object'],
    ['an empty object', {}, 'secretKey is required'],
    ['a required null', { secretKey: null }, 'secretKey is required'],
    ['a required undefined', { secretKey: undefined }, 'secretKey is required'],
    ['an inherited field', Object.create({ secretKey: 'sk_live_oops' }), 'secretKey is required'],
    ['a number for a secret', { secretKey: 42 }, 'secretKey must be a string'],
    ['an object for a secret', { secretKey: { a: 'sk_live_oops' } }, 'secretKey must be a string'],
    ['an array for a secret', { secretKey: ['sk_live_oops'] }, 'secretKey must be a string'],
    ['a boolean for a secret', { secretKey: true }, 'secretKey must be a string'],
    ['a symbol for a secret', { secretKey: Symbol('x') }, 'secretKey must be a string'],
    [
      'a string for a boolean',
      { secretKey: 'sk_1', livemode: 'sk_live_oops' },
      'livemode must be true or false',
    ],
    [
      'a number for a boolean',
      { secretKey: 'sk_1', livemode: 1 },
      'livemode must be true or false',
    ],
    [
      'NUL in a secret',
      { secretKey: 'sk_live_oops\0' },
      'secretKey must not contain NUL characters',
    ],
    [
      'NUL in text',
      { secretKey: 'sk_1', publishableKey: 'pk_\0' },
      'publishableKey must not contain NUL characters',
    ],
    [
      '64 KiB and one byte',
      { secretKey: `sk_${'x'.repeat(65_534)}` },
      'secretKey must not be longer than 64 KiB',
    ],
    [
      '1 MB',
      { secretKey: 'sk_1', webhookSecret: 'x'.repeat(1_000_000) },
      'webhookSecret must not be longer than 64 KiB',
    ],
    [
      'an unknown field',
      { secretKey: 'sk_1', sk_live_oops: 'x' },
      'Unknown field in the input: use secretKey, publishableKey, webhookSecret, livemode',
    ],
    [
      'a prototype key',
      JSON.parse('{"secretKey":"sk_1","__proto__":{"livemode":true}}'),
      'Unknown field in the input: use secretKey, publishableKey, webhookSecret, livemode',
    ],
    ['an empty key', { secretKey: '' }, 'secretKey must not be empty: leave it out to keep it'],
  ])('%s', async (_name, input, message) => {
    const error = await rejection(saveStripe(input));
    expect(error).toEqual(['INPUT_INVALID', message]);
    await expectUntouched();
  });

  test('exactly 64 KiB is stored', async () => {
    const secretKey = `sk_${'x'.repeat(65_533)}`;
    await saveStripe({ secretKey });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe(secretKey);
  });

  test('an empty optional text is the same as null', async () => {
    const saved = await saveStripe({ secretKey: 'sk_1', publishableKey: '' });
    expect(saved.publishableKey).toBeNull();
  });

  test.each([
    ['an array', []],
    ['a string', 'x'],
    ['a number', 1],
    ['a circular object', circular()],
    ['a BigInt inside', { n: 1n }],
  ])('metadata: %s', async (_name, metadata) => {
    const save = vault.saveTenantApiCredential(tenant, {
      serviceName: 'mux',
      apiKey: 'key',
      metadata: metadata as Record<string, unknown>,
    });
    expect(await rejection(save)).toEqual(['INPUT_INVALID', 'metadata must be an object']);
    expect(await vault.getTenantApiCredential(tenant, 'mux')).toBeNull();
  });

  test.each([[{ a: '\0' }], [{ '\0': 1 }], [{ a: [{ b: 'x\0' }] }]])(
    'metadata with NUL (%#)',
    async (metadata) => {
      const save = vault.saveTenantApiCredential(tenant, {
        serviceName: 'mux',
        apiKey: 'key',
        metadata,
      });
      const error = await rejection(save);
      expect(error).toEqual(['INPUT_INVALID', 'metadata must not contain NUL characters']);
    },
  );
});

describe('services', () => {
  test.each([
    ['stripe'],
    ['resend'],
    ['wise'],
    ['MUX'],
    ['pay-pal'],
    ['x'.repeat(65)],
    [''],
    [null],
    [undefined],
    [7],
    [{}],
  ])('%p is no id of the catalog', async (id) => {
    const service = id as 'mux';
    const calls = [
      vault.getTenantApiCredential(tenant, service),
      vault.deleteTenantApiCredential(tenant, service),
      vault.getTenantApiKey(tenant, service),
      vault.getTenantApiKeyAndSecret(tenant, service),
      vault.updateApiCredentialVerification(tenant, service, true),
    ];
    const errors = await Promise.all(calls.map(rejection));
    expect(errors.map(([code]) => code)).toEqual(calls.map(() => 'SERVICE_UNKNOWN'));
    const save = vault.saveTenantApiCredential(tenant, { serviceName: service, apiKey: 'key' });
    expect((await rejection(save))[0]).toBe(id === undefined ? 'INPUT_INVALID' : 'SERVICE_UNKNOWN');
  });
});

describe('keys', () => {
  test('without a usable key nothing is saved, and configs can still be read', async () => {
    await saveStripe({ secretKey: 'sk_1' });
    for (const key of ['', 'x'.repeat(31)]) {
      configureVault(key);
      try {
        const missing = [
          'KEY_MISSING',
          'INTEGRATION_ENCRYPTION_KEY must be set and at least 32 characters',
        ];
        expect(await rejection(saveStripe({ secretKey: 'sk_2' }))).toEqual(missing);
        expect(await rejection(vault.getTenantStripeSecretKey(tenant))).toEqual(missing);
        expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({ tenantId: tenant });
      } finally {
        configureVault();
      }
    }
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
  });

  test('a key that does not fit the stored data is told apart from "not configured"', async () => {
    await saveStripe({ secretKey: 'sk_1' });
    configureVault(`${KEY}-another`);
    try {
      expect(await rejection(vault.getTenantStripeSecretKey(tenant))).toEqual([
        'DECRYPTION_FAILED',
        'Decryption failed - invalid key or corrupted data',
      ]);
      expect(await vault.getTenantWiseApiKey(tenant)).toBeNull();
    } finally {
      configureVault();
    }
  });

  test('the key of the environment is read anew on each call', async () => {
    configureVault(null);
    try {
      process.env.INTEGRATION_ENCRYPTION_KEY = KEY;
      await saveStripe({ secretKey: 'sk_1' });
      process.env.INTEGRATION_ENCRYPTION_KEY = `${KEY}-another`;
      const failed = await rejection(vault.getTenantStripeSecretKey(tenant));
      expect(failed[0]).toBe('DECRYPTION_FAILED');
      delete process.env.INTEGRATION_ENCRYPTION_KEY;
      const missing = await rejection(vault.getTenantStripeSecretKey(tenant));
      expect(missing[0]).toBe('KEY_MISSING');
      process.env.INTEGRATION_ENCRYPTION_KEY = KEY;
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
    } finally {
      delete process.env.INTEGRATION_ENCRYPTION_KEY;
      configureVault();
    }
  });
});

describe('options', () => {
  test.each([
    [null, 'configureIntegrations: pass an object'],
    ['postgres://user:secret@host', 'configureIntegrations: pass an object'],
    [
      { databaseURL: 'postgres://user:secret@host' },
      /^configureIntegrations: unknown option; use /,
    ],
    [
      { encryptionKey: 42 },
      'configureIntegrations: encryptionKey must be a string or a function that gives one',
    ],
    [{ maxConnections: 0 }, 'configureIntegrations: maxConnections must be a positive integer'],
    [
      { connectTimeoutMs: '5' },
      'configureIntegrations: connectTimeoutMs must be a positive integer',
    ],
    [{ driver: {} }, 'configureIntegrations: driver must have a query(sql, params) function'],
    [{ driver: null }, 'configureIntegrations: driver must be a object'],
  ])('%p', (options, message) => {
    const configure = () => vault.configureIntegrations(options as object);
    expect(configure).toThrow(message);
    expect(configure).not.toThrow(/secret/);
    try {
      configure();
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    }
  });

  test.each([
    'http://api.stripe.com',
    'http://10.0.0.1:8080',
    'http://127.evil.example',
    'http://localhost.evil.example',
    'http://evil.localhost',
    'http://localhost.',
    'http://0.0.0.0:8080',
    'http://[::2]',
    'http://128.0.0.1',
  ])('credentials do not go to %s, where others could read them', (endpoint) => {
    const configure = () => vault.configureIntegrations({ endpoints: { stripe: endpoint } });
    expect(configure).toThrow('endpoints.stripe must start with https:');
  });

  test.each([
    'https://stripe.internal:8443',
    'http://127.0.0.1:8080',
    'http://127.8.8.8',
    'http://localhost:8080/',
    'http://[::1]:8080',
  ])('an endpoint may be %s', (endpoint) => {
    vault.configureIntegrations({ endpoints: { stripe: endpoint, wise: undefined } });
    configureVault();
  });

  test('without a database every function says what to do', async () => {
    vault.configureIntegrations({ encryptionKey: KEY });
    try {
      const [code, message] = await rejection(vault.getTenantStripeConfig(tenant));
      expect(code).toBe('DATABASE_NOT_CONFIGURED');
      expect(message).toContain('configureIntegrations({ ');
    } finally {
      configureVault();
    }
  });
});

function circular(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}
