// Inputs that throw when they are read. On WebAssembly such an exception would end the instance, and
// with it the calls of all tenants.

import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { configureVault, KEY, newTenant, rejection, vault } from '../kit/vault';

const SECRET = 'sk_live_in_an_exception';
const UNREADABLE = [
  'INPUT_INVALID',
  'The input cannot be read: one of its properties throws',
] as const;

let tenant: string;
let other: string;

beforeAll(async () => {
  configureVault();
  other = await newTenant();
  await vault.saveTenantStripeConfig(other, { secretKey: 'sk_test_other' });
});
beforeEach(async () => {
  tenant = await newTenant();
});

function raise(): never {
  throw new Error(SECRET);
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const HOSTILE: [string, () => object][] = [
  [
    'a getter that throws',
    () => Object.defineProperty({}, 'secretKey', { get: raise, enumerable: true }),
  ],
  ['a proxy that has no keys', () => new Proxy({ secretKey: 'sk_1' }, { ownKeys: raise })],
  [
    'a proxy that describes nothing',
    () => new Proxy({ secretKey: 'sk_1' }, { getOwnPropertyDescriptor: raise }),
  ],
  ['a proxy that gives nothing', () => new Proxy({ secretKey: 'sk_1' }, { get: raise })],
  ['a proxy that was revoked', revoked],
];

/** Runs a call beside one of another tenant, which must not notice. */
async function beside<T>(call: Promise<T>): Promise<PromiseSettledResult<T>> {
  const neighbour = vault.getTenantStripeSecretKey(other);
  const [outcome] = await Promise.allSettled([call]);
  expect(await neighbour).toBe('sk_test_other');
  return outcome;
}

/** The calls that take an object. */
const CALLS: [string, (input: never) => Promise<unknown>][] = [
  ['a save', (input) => vault.saveTenantStripeConfig(tenant, input)],
  [
    'a save that asks first',
    (input) => vault.saveTenantStripeConfig(tenant, input, { verify: true }),
  ],
  ['a save of any service', (input) => vault.saveTenantCredential(tenant, 'mux', input)],
  ['a save of an API credential', (input) => vault.saveTenantApiCredential(tenant, input)],
  [
    'a record of a verification',
    (input) => vault.updateStripeConfigVerification(tenant, true, input),
  ],
];

describe.each(CALLS)('%s', (_name, call) => {
  test.each(HOSTILE)('%s', async (_name, make) => {
    const outcome = await beside(rejection(call(make() as never)));
    expect(outcome).toMatchObject({ value: UNREADABLE });
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  });
});

test.each(HOSTILE)('a verification of %s says that it was not checked', async (_name, make) => {
  const result = await beside(vault.verifyTenantCredentialInput('stripe', make() as never));
  expect(result).toMatchObject({ value: { status: 'unchecked', code: 'INPUT_INVALID' } });
});

test.each(HOSTILE)('options: %s', async (_name, make) => {
  const configure = () => vault.configureIntegrations(make());
  expect(configure).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(configure).not.toThrow(SECRET);
  // What was configured before still holds.
  expect(await vault.getTenantStripeSecretKey(other)).toBe('sk_test_other');
});

test.each([
  ['a getter', { get: raise, enumerable: true }],
  ['toJSON', { value: { toJSON: raise }, enumerable: true }],
])('metadata with %s that throws', async (_name, property) => {
  const metadata = Object.defineProperty({}, 'a', property);
  const save = vault.saveTenantApiCredential(tenant, {
    serviceName: 'mux',
    apiKey: 'key',
    metadata,
  });
  const outcome = await beside(rejection(save));
  expect(outcome).toMatchObject({ value: ['INPUT_INVALID', 'metadata must be an object'] });
});

test('what is checked is what is stored, although it reads differently each time', async () => {
  let reads = 0;
  const input = {
    get secretKey() {
      reads += 1;
      return reads === 1 ? 'sk_test_first' : 42;
    },
  };
  await vault.saveTenantStripeConfig(tenant, input as { secretKey: string });
  expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_first');
});

test('an input that calls the vault while it is read', async () => {
  const calls: Promise<unknown>[] = [];
  const input = {
    get secretKey() {
      calls.push(vault.getTenantStripeSecretKey(other));
      return 'sk_test_1';
    },
  };
  await vault.saveTenantStripeConfig(tenant, input);
  expect(await Promise.all(calls)).toEqual(['sk_test_other']);
});

test('NUL in the name of a field', async () => {
  const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', 'a\0b': 1 } as never);
  expect(await rejection(save)).toEqual([
    'INPUT_INVALID',
    expect.stringMatching(/^Unknown field in the input: use /),
  ]);
  const record = vault.updateStripeConfigVerification(tenant, true, { '\0': 'x' } as never);
  expect((await rejection(record))[0]).toBe('INPUT_INVALID');
});

describe('what is far too long is refused before it is copied', () => {
  const MIB = 1024 * 1024;

  test('a plaintext of 1 MiB is encrypted, a longer one is not', async () => {
    const longest = 'x'.repeat(MIB);
    expect(await vault.decryptToken(await vault.encryptToken(longest, KEY), KEY)).toBe(longest);
    const shopifyKey = '0f'.repeat(32);
    const token = await vault.encryptShopifyToken(longest, shopifyKey);
    expect(await vault.decryptShopifyToken(token, shopifyKey)).toBe(longest);
    for (const plaintext of [`${longest}x`, 'ä'.repeat(MIB / 2 + 1), 'x'.repeat(64 * MIB)]) {
      const refused = ['INPUT_INVALID', 'plaintext must not be longer than 1 MiB'];
      expect(await rejection(vault.encryptToken(plaintext, KEY))).toEqual(refused);
      expect(await rejection(vault.encryptShopifyToken(plaintext, shopifyKey))).toEqual(refused);
    }
  });

  test('a token that no plaintext makes', async () => {
    const token = `${await vault.encryptToken('x'.repeat(MIB), KEY)}00`;
    const format = ['TOKEN_FORMAT', 'Invalid encrypted token format'];
    expect(await rejection(vault.decryptToken(token, KEY))).toEqual(format);
    expect(await rejection(vault.decryptToken(token, 'short'))).toEqual([
      'KEY_INVALID',
      'Encryption key must be at least 32 characters',
    ]);
    const shopify = vault.decryptShopifyToken(token, '0f'.repeat(32));
    expect((await rejection(shopify))[0]).toBe('TOKEN_FORMAT');
  });

  test.each([
    ['a field', () => ({ secretKey: 'x'.repeat(MIB) })],
    ['a name', () => ({ secretKey: 'sk_1', ['x'.repeat(MIB)]: 1 })],
    ['metadata', () => ({ secretKey: 'sk_1', metadata: { a: 'x'.repeat(MIB) } })],
  ])('%s of an input', async (_name, make) => {
    const save = vault.saveTenantStripeConfig(tenant, make() as never);
    expect(await rejection(save)).toEqual([
      'INPUT_INVALID',
      'The input must not be larger than 1 MiB',
    ]);
  });

  test('the name of a tenant', async () => {
    const name = 'x'.repeat(64 * MIB);
    expect((await rejection(vault.getTenantStripeConfig(name)))[0]).toBe('TENANT_INVALID');
  });
});

test('an object that throws when it is read, in the place of a name, hurts that call only', async () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
      get: () => {
        throw new Error('no');
      },
    },
  );
  const getter = {
    get name() {
      throw new Error('no');
    },
  };
  for (const value of [hostile, getter] as never[]) {
    const calls = [
      vault.getTenantStripeConfig(value),
      vault.saveTenantCredential(value, 'stripe', { secretKey: 'sk_test_1' }),
      vault.getTenantApiKey(tenant, value),
      vault.updateStripeConfigVerification(tenant, false, null, value),
    ];
    const codes = (await Promise.all(calls.map(rejection))).map(([code]) => code);
    expect(codes).toEqual(['TENANT_INVALID', 'TENANT_INVALID', 'SERVICE_UNKNOWN', 'INPUT_INVALID']);
  }
  expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
});
