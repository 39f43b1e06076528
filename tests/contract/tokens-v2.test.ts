import { beforeAll, describe, expect, test } from '@jest/globals';
import { legacyEncrypt } from '../kit/legacy-cipher.cjs';
import { configureVault, KEY, rejection, vault } from '../kit/vault';

const { decryptToken, deriveTenantKey, encryptToken } = vault;

const GENERATED = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';
const OTHER = '0f'.repeat(32);
const PLACE = { tenantId: 'acme', service: 'stripe', field: 'secretKey' };
const PINNED =
  'v2.ea4326a2.AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ2ijwxsvoVrikbxCy_mGKTwAILdvRH7r60RTuRIbEWAAihCid-lj0B0zalRQfGV0DcrzL4IlEBhOtjJKKwb';

const FORMAT = ['TOKEN_FORMAT', 'Invalid encrypted token format'];
const FAILED = ['DECRYPTION_FAILED', 'Decryption failed - invalid key or corrupted data'];

const seal = (text: string, place: object = PLACE, key = GENERATED) =>
  encryptToken(text, key, { format: 'v2', ...place });

describe('format v2', () => {
  test('the pinned token opens for ever', async () => {
    expect(await decryptToken(PINNED, GENERATED, PLACE)).toBe('sk_test_pinned');
  });

  test.each([
    ['', 122],
    ['x'.repeat(33), 166],
    ['x'.repeat(107), 264],
    ['x'.repeat(1000), 1455],
    ['x'.repeat(64 * 1024), 87_503],
    ['\u{feff}ünï 🔑 \0', 142],
  ])(
    'a value is read at its place, from a token of the documented length (%#)',
    async (text, length) => {
      const [token, again] = await Promise.all([seal(text), seal(text)]);
      expect(token).toMatch(/^v2\.ea4326a2\.[A-Za-z0-9_-]+$/);
      expect(token).toHaveLength(length);
      expect(again).not.toBe(token);
      expect(await decryptToken(token, GENERATED, PLACE)).toBe(text);
    },
  );

  test('a lone surrogate becomes U+FFFD', async () => {
    expect(await decryptToken(await seal('a\ud800b'), GENERATED, PLACE)).toBe('a\ufffdb');
  });

  test.each([
    ['another tenant', { ...PLACE, tenantId: 'rawdog' }],
    ['another service', { ...PLACE, service: 'wise' }],
    ['another field', { ...PLACE, field: 'webhookSecret' }],
    ['no place', {}],
  ])('a token does not open at %s, nor one from there at its own', async (_name, other) => {
    expect(await rejection(decryptToken(PINNED, GENERATED, other as typeof PLACE))).toEqual(FAILED);
    const token = await seal('value', other);
    expect(await decryptToken(token, GENERATED, other as typeof PLACE)).toBe('value');
    expect(await rejection(decryptToken(token, GENERATED, PLACE))).toEqual(FAILED);
  });

  test('a token names the key that it needs', async () => {
    const unknown = ['KEY_UNKNOWN', 'No configured encryption key has the id ea4326a2'];
    expect(await rejection(decryptToken(PINNED, OTHER, PLACE))).toEqual(unknown);
    expect(await rejection(decryptToken(PINNED, KEY, PLACE))).toEqual(unknown);
  });

  test.each([
    ['another suite', `${PINNED.slice(0, 12)}E${PINNED.slice(13)}`],
    ['a body that is cut off', PINNED.slice(0, 121)],
    ['padding', `${PINNED}=`],
    ['bits that are left over', `${PINNED.slice(0, -12)}B`],
    ['upper case in the id', PINNED.replace('ea4326a2', 'EA4326A2')],
    ['another version', PINNED.replace('v2', 'v3')],
    ['a colon', PINNED.replace('.AQE', ':AQE')],
  ])('%s is no token', async (_name, token) => {
    expect(await rejection(decryptToken(token, GENERATED, PLACE))).toEqual(FORMAT);
  });

  test('only generated keys are taken', async () => {
    const [code, message] = await rejection(seal('value', PLACE, KEY));
    expect(code).toBe('KEY_INVALID');
    expect(message).toContain('scripts/generate-encryption-keys.sh');
    const key = vault.generateEncryptionKey();
    expect(await decryptToken(await seal('value', {}, key), key, {})).toBe('value');
  });
});

describe('format v1 beside it', () => {
  test('is what is written without options, and what is read without a context', async () => {
    expect(await encryptToken('value', GENERATED)).toMatch(/^([0-9a-f]+:){3}[0-9a-f]{10}$/);
    expect(await encryptToken('value', GENERATED, { format: 'v1' })).toMatch(/^([0-9a-f]+:){3}/);
    expect(await rejection(decryptToken(PINNED, GENERATED))).toEqual(FORMAT);
  });

  test('is read with a context, too', async () => {
    const token = legacyEncrypt('value', GENERATED);
    expect(await decryptToken(token, GENERATED, PLACE)).toBe('value');
    expect(await decryptToken(token, GENERATED, {})).toBe('value');
  });
});

describe('options', () => {
  const belong = 'tenantId, service and field belong together: give all of them or none';

  test.each<[string, unknown, string, string]>([
    ['an unknown format', { format: 'v3' }, 'INPUT_INVALID', 'format must be v1 or v2'],
    ['a format of another type', { format: 2 }, 'INPUT_INVALID', 'format must be a string'],
    ['a part of a place', { format: 'v2', tenantId: 'acme' }, 'INPUT_INVALID', belong],
    [
      'a place under v1',
      PLACE,
      'INPUT_INVALID',
      'Tokens of format v1 are bound to no place: set format to v2',
    ],
    [
      'a misspelt option',
      { fromat: 'v2' },
      'INPUT_INVALID',
      "A token's options are format, tenantId, service and field",
    ],
    ['a text', 'v2', 'INPUT_INVALID', 'The options must be an object'],
    [
      'an empty field',
      { format: 'v2', ...PLACE, field: '' },
      'INPUT_INVALID',
      'tenantId, service and field must each have 1 to 65535 bytes',
    ],
    [
      'no slug',
      { format: 'v2', ...PLACE, tenantId: 'ACME' },
      'TENANT_INVALID',
      'Invalid tenant id: use 1 to 56 lower-case letters, digits and underscores',
    ],
  ])('%s is refused', async (_name, options, code, message) => {
    expect(await rejection(encryptToken('value', GENERATED, options as object))).toEqual([
      code,
      message,
    ]);
  });

  test('a context of another shape is refused', async () => {
    const { field: _, ...rest } = PLACE;
    const open = (context: unknown) => decryptToken(PINNED, GENERATED, context as typeof PLACE);
    expect(await rejection(open(rest))).toEqual(['INPUT_INVALID', belong]);
    expect(await rejection(open('acme'))).toEqual([
      'INPUT_INVALID',
      'The context must be an object',
    ]);
    const throwing = {
      get tenantId() {
        throw new Error('secret');
      },
    };
    expect((await rejection(open(throwing)))[0]).toBe('INPUT_INVALID');
  });
});

describe('the key of a tenant', () => {
  beforeAll(() => configureVault(GENERATED));

  test('opens the v2 tokens of its tenant and nothing else', async () => {
    const key = await deriveTenantKey('acme');
    expect(key).toMatch(/^cgkt1\.ea4326a2\.acme\.[A-Za-z0-9_-]{43}$/);
    expect(await deriveTenantKey('acme')).toBe(key);
    expect(await decryptToken(PINNED, key, PLACE)).toBe('sk_test_pinned');
    expect(await decryptToken(await seal('value', PLACE, key), GENERATED, PLACE)).toBe('value');

    const place = { ...PLACE, tenantId: 'rawdog' };
    const other = ['KEY_INVALID', 'A tenant key opens tokens of its own tenant only'];
    expect(await rejection(decryptToken(await seal('value', place), key, place))).toEqual(other);
    expect(await rejection(decryptToken(await seal('value', {}), key, {}))).toEqual(other);
    const underOther = await seal('value', PLACE, OTHER);
    expect((await rejection(decryptToken(underOther, key, PLACE)))[0]).toBe('KEY_UNKNOWN');
    for (const refused of [
      decryptToken(legacyEncrypt('value', GENERATED), key, PLACE),
      decryptToken(legacyEncrypt('value', key), key),
      encryptToken('value', key),
    ]) {
      expect((await rejection(refused))[0]).toBe('KEY_INVALID');
    }
  });

  test('is refused in another form', async () => {
    const key = await deriveTenantKey('acme');
    for (const text of [
      key.slice(0, -1),
      `${key}A`,
      key.replace('ea4326a2.', ''),
      key.replace('.acme', ''),
    ]) {
      const [code, message] = await rejection(decryptToken(PINNED, text, PLACE));
      expect([code, message]).toEqual([
        'KEY_INVALID',
        'Invalid tenant key: give it as deriveTenantKey wrote it',
      ]);
    }
  });

  test('is derived from a generated key and for a tenant only', async () => {
    expect((await rejection(deriveTenantKey('ACME')))[0]).toBe('TENANT_INVALID');
    configureVault(KEY);
    expect((await rejection(deriveTenantKey('acme')))[0]).toBe('KEY_INVALID');
  });
});
