// Shopify tokens: the addon, WebAssembly and Node's own crypto agree on every one, written by any.

import { createCipheriv } from 'node:crypto';
import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { expect } from '@jest/globals';
import { campaign, kindOf, type Settled, settle } from '../kit/campaign';
import { type Random, wellFormed } from '../kit/random';
import { fieldsOf, open } from '../kit/reference-cipher';

const BACKENDS = [native, wasm];
const KEYS = ['0f'.repeat(32), 'AB'.repeat(32)];

campaign({
  name: 'shopify-tokens',
  share: 1,
  outcomes: ['value', 'TOKEN_FORMAT', 'DECRYPTION_FAILED', 'KEY_INVALID', 'written'],
  async run(random) {
    if (random.chance(0.3)) {
      await checkWritten(random);
      return 'written';
    }
    const key = random.chance(0.1) ? random.damaged(random.pick(KEYS)) : random.pick(KEYS);
    const token = someToken(random);
    const expected = reference(token, key);
    for (const { decryptShopifyToken } of BACKENDS) {
      expect(await settle(() => decryptShopifyToken(token, key))).toEqual(expected);
    }
    return kindOf(expected);
  },
});

async function checkWritten(random: Random): Promise<void> {
  const [key, text] = [random.pick(KEYS), random.text()];
  for (const { encryptShopifyToken } of BACKENDS) {
    const token = await encryptShopifyToken(text, key);
    expect(reference(token, key)).toEqual({ value: wellFormed(text) });
    for (const { decryptShopifyToken } of BACKENDS) {
      expect(await decryptShopifyToken(token, key)).toBe(wellFormed(text));
    }
  }
}

function someToken(random: Random): string {
  const iv = random.bytes(random.chance(0.9) ? 12 : 16);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(random.pick(KEYS), 'hex'), iv);
  const plaintext = random.chance(0.1) ? random.bytes(9) : Buffer.from(random.text());
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const tag = cipher.getAuthTag().subarray(0, random.chance(0.9) ? 16 : 12);
  const token = [iv, tag, data].map((part) => part.toString('hex')).join(':');
  return random.oneOf(
    () => token,
    () => token.toUpperCase(),
    () => random.damaged(token),
    () => random.text(),
  );
}

/** compatibility.md, section 1, over Node's crypto. */
function reference(token: string, key: string): Settled {
  if (!/^[0-9a-f]{64}$/i.test(key)) {
    const message = 'SHOPIFY_TOKEN_ENCRYPTION_KEY must be 64 hexadecimal characters';
    return { code: 'KEY_INVALID', message };
  }
  const parts = fieldsOf(token, 3);
  if (!parts) {
    return { code: 'TOKEN_FORMAT', message: 'Invalid encrypted token format' };
  }
  const [iv, tag, data] = parts as [Buffer, Buffer, Buffer];
  if (iv.length !== 12) {
    return { code: 'TOKEN_FORMAT', message: 'Invalid IV length' };
  }
  if (tag.length !== 16) {
    return { code: 'TOKEN_FORMAT', message: 'Invalid auth tag length' };
  }
  return open(Buffer.from(key, 'hex'), iv, tag, data);
}
