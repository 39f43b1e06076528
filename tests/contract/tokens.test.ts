import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { legacyDecrypt, legacyEncrypt } from '../kit/legacy-cipher.cjs';
import { KEY, rejection, vault } from '../kit/vault';

const { decryptToken, encryptToken } = vault;
const FIELD = '000102030405060708090a0b0c0d0e0f';

/** Whatever a plaintext can be in JavaScript. */
const PLAINTEXTS = [
  '',
  'sk_test_example',
  'ünïcode 🔑',
  '\u{feff}leading byte order mark',
  'with a \0 inside',
  'colons : and \n lines',
  'x'.repeat(100_000),
];

describe('format v1', () => {
  test.each(PLAINTEXTS)('what Node wrote opens here, and the reverse (%#)', async (plaintext) => {
    expect(await decryptToken(legacyEncrypt(plaintext, KEY), KEY)).toBe(plaintext);
    expect(legacyDecrypt(await encryptToken(plaintext, KEY), KEY)).toBe(plaintext);
  });

  test('the pinned token opens for ever', async () => {
    const token =
      '31cd1c530254c8786fcea5381c27d993:a7b124a410b04a954994ffd4106dad19:8038e54f044595209734b17043727935:f35a11632f099c05fd1d8849dc7f8baf43617a5094952f130cfd5067dc';
    const plaintext = await decryptToken(token, 'pinned-v1-master-key-0123456789abcdef');
    expect(plaintext).toBe('sk_test_pinned_ünïcode_🔑');
  });

  test('a token is four lower-case hex fields with a fresh salt and IV', async () => {
    const tokens = await Promise.all(['a', 'a'].map((text) => encryptToken(text, KEY)));
    for (const token of tokens) {
      expect(token).toMatch(/^[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{2}$/);
    }
    const [first, second] = tokens.map((token) => token.split(':'));
    expect(first?.[0]).not.toBe(second?.[0]);
    expect(first?.[1]).not.toBe(second?.[1]);
  });

  test('upper-case hex is read', async () => {
    expect(await decryptToken(legacyEncrypt('value', KEY).toUpperCase(), KEY)).toBe('value');
  });

  test('a lone surrogate becomes U+FFFD, in a plaintext and in a key', async () => {
    expect(await decryptToken(await encryptToken('a\ud800b', KEY), KEY)).toBe('a\ufffdb');
    const token = await encryptToken('value', `${KEY}\udc00`);
    expect(await decryptToken(token, `${KEY}\ufffd`)).toBe('value');
  });

  test('a base64 key is used as it stands, not decoded', async () => {
    const key = randomBytes(32).toString('base64');
    expect(await decryptToken(legacyEncrypt('value', key), key)).toBe('value');
  });

  test('a second read of the same token gives the same plaintext', async () => {
    const token = legacyEncrypt('value', KEY);
    const reads = await Promise.all([1, 2, 3].map(() => decryptToken(token, KEY)));
    expect([...reads, await decryptToken(token, KEY)]).toEqual(Array(4).fill('value'));
  });
});

describe('errors, word for word', () => {
  const short = ['KEY_INVALID', 'Encryption key must be at least 32 characters'];
  const format = ['TOKEN_FORMAT', 'Invalid encrypted token format'];
  const failed = ['DECRYPTION_FAILED', 'Decryption failed - invalid key or corrupted data'];

  test('the key is checked first', async () => {
    for (const key of ['', 'x'.repeat(31), '🔑'.repeat(15), null, undefined, 42, {}]) {
      expect(await rejection(decryptToken('not a token', key as string))).toEqual(short);
      expect(await rejection(encryptToken('value', key as string))).toEqual(short);
    }
    expect(await decryptToken(await encryptToken('v', '🔑'.repeat(16)), '🔑'.repeat(16))).toBe('v');
  });

  test('fault 3: hex is not decoded leniently', async () => {
    const token = legacyEncrypt('value', KEY).split(':');
    for (const index of [0, 1, 2, 3]) {
      for (const damage of [
        (f: string) => `${f}zz`,
        (f: string) => `${f}0`,
        (f: string) => ` ${f}`,
      ]) {
        const damaged = token.map((field, at) => (at === index ? damage(field) : field));
        expect(await rejection(decryptToken(damaged.join(':'), KEY))).toEqual(format);
      }
    }
  });

  test('tokens that are not four fields, or not strings', async () => {
    const tokens = ['', 'x', '::', 'a:b:c', 'a:b:c:d:e', `v1:${FIELD}:${FIELD}:${FIELD}:00`];
    for (const token of [...tokens, null, undefined, 42, {}, ['a']]) {
      expect(await rejection(decryptToken(token as string, KEY))).toEqual(format);
    }
  });

  test('every field length has its own message', async () => {
    for (const wrong of ['', '00', `${FIELD}00`]) {
      const read = (...fields: string[]) => rejection(decryptToken(fields.join(':'), KEY));
      expect((await read(wrong, FIELD, FIELD, '00'))[1]).toBe('Invalid salt length');
      expect((await read(FIELD, wrong, FIELD, '00'))[1]).toBe('Invalid IV length');
      expect((await read(FIELD, FIELD, wrong, '00'))[1]).toBe('Invalid auth tag length');
    }
  });

  test('another key, or any changed field', async () => {
    const token = legacyEncrypt('value', KEY);
    expect(await rejection(decryptToken(token, `${KEY}x`))).toEqual(failed);
    for (const index of [0, 1, 2, 3]) {
      const fields = token.split(':');
      const field = fields[index] ?? '';
      fields[index] = (field.startsWith('0') ? '1' : '0') + field.slice(1);
      expect(await rejection(decryptToken(fields.join(':'), KEY))).toEqual(failed);
    }
  });

  test('a plaintext that is not a string', async () => {
    for (const plaintext of [null, undefined, 42, {}, ['a']]) {
      const error = await rejection(encryptToken(plaintext as string, KEY));
      expect(error).toEqual(['INPUT_INVALID', 'plaintext must be a string']);
    }
  });
});

describe('keys', () => {
  test('generateEncryptionKey gives 64 lower-case hex characters, never the same', () => {
    const keys = Array.from({ length: 50 }, () => vault.generateEncryptionKey());
    expect(new Set(keys).size).toBe(50);
    for (const key of keys) {
      expect(key).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('isValidEncryptionKey never throws', () => {
    expect(vault.isValidEncryptionKey('x'.repeat(32))).toBe(true);
    for (const key of ['', 'x'.repeat(31), null, undefined, 42, {}, [], Symbol('key'), () => 0]) {
      expect(vault.isValidEncryptionKey(key)).toBe(false);
    }
  });
});

describe('Shopify tokens', () => {
  const key = '0f'.repeat(32);

  test.each(PLAINTEXTS)('what Node wrote opens here, and the reverse (%#)', async (plaintext) => {
    const raw = Buffer.from(key, 'hex');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', raw, iv);
    const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    const theirs = [iv, cipher.getAuthTag(), data].map((part) => part.toString('hex')).join(':');
    expect(await vault.decryptShopifyToken(theirs, key)).toBe(plaintext);

    const ours = (await vault.encryptShopifyToken(plaintext, key)).split(':');
    const [ourIv, tag, ourData] = ours.map((field) => Buffer.from(field, 'hex'));
    if (!ourIv || !tag || !ourData) {
      throw new Error('not three fields');
    }
    const decipher = createDecipheriv('aes-256-gcm', raw, ourIv);
    decipher.setAuthTag(tag);
    const opened = Buffer.concat([decipher.update(ourData), decipher.final()]).toString('utf8');
    expect([ourIv.length, opened]).toEqual([12, plaintext]);
  });

  test('the key comes from the environment if none is given', async () => {
    process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY = key;
    try {
      expect(await vault.decryptShopifyToken(await vault.encryptShopifyToken('shpat'))).toBe(
        'shpat',
      );
    } finally {
      delete process.env.SHOPIFY_TOKEN_ENCRYPTION_KEY;
    }
    expect((await rejection(vault.encryptShopifyToken('shpat')))[0]).toBe('KEY_INVALID');
  });

  test('bad keys and bad tokens have their codes', async () => {
    for (const bad of ['', '0f', '0f'.repeat(33), 'zz'.repeat(32), null, 42]) {
      const error = await rejection(vault.encryptShopifyToken('shpat', bad as string));
      expect(error).toEqual([
        'KEY_INVALID',
        'SHOPIFY_TOKEN_ENCRYPTION_KEY must be 64 hexadecimal characters',
      ]);
    }
    for (const bad of ['', 'a:b', 'zz:00:00', null, 42]) {
      const error = await rejection(vault.decryptShopifyToken(bad as string, key));
      expect(error[0]).toBe('TOKEN_FORMAT');
    }
    const token = await vault.encryptShopifyToken('shpat', key);
    const error = await rejection(vault.decryptShopifyToken(token, '1f'.repeat(32)));
    expect(error[0]).toBe('DECRYPTION_FAILED');
  });
});
