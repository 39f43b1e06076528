// v1 tokens: the addon, WebAssembly and Node's own crypto agree on every one, whole or damaged.

import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { expect } from '@jest/globals';
import { campaign, kindOf, type Settled, settle } from '../kit/campaign';
import { legacyDecrypt } from '../kit/legacy-cipher.cjs';
import { type Random, wellFormed } from '../kit/random';
import { fieldsOf, open } from '../kit/reference-cipher';

const BACKENDS = [native, wasm];
const KEYS = ['fuzz-master-key-0123456789abcdefgh', '🔑'.repeat(16), `ünï ${'k'.repeat(40)}\n`];
const SALTS = ['00'.repeat(16), 'ff'.repeat(16), '0123456789abcdef'.repeat(2)];

/** Deriving takes 20 ms: few keys and salts, each derived once on each side. */
const derivedKeys = new Map<string, Buffer>();

campaign({
  name: 'tokens',
  share: 1,
  outcomes: ['value', 'TOKEN_FORMAT', 'DECRYPTION_FAILED', 'KEY_INVALID', 'written'],
  async run(random) {
    if (random.chance(0.004)) {
      await checkWritten(random);
      return 'written';
    }
    const key = random.chance(0.01) ? random.text(6) : random.pick(KEYS);
    const token = someToken(random);
    const expected = reference(token, key);
    for (const { decryptToken } of BACKENDS) {
      expect(await settle(() => decryptToken(token, key))).toEqual(expected);
    }
    return kindOf(expected);
  },
});

/** What each backend writes is read by the other and by Node. */
async function checkWritten(random: Random): Promise<void> {
  const [key, text] = [random.pick(KEYS), random.text()];
  const expected = wellFormed(text);
  for (const [writer, reader] of [
    [native, wasm],
    [wasm, native],
  ] as const) {
    const token = await writer.encryptToken(text, key);
    expect(await reader.decryptToken(token, key)).toBe(expected);
    expect(legacyDecrypt(token, key)).toBe(expected);
  }
}

function someToken(random: Random): string {
  const token = seal(random);
  return random.oneOf(
    () => token,
    () => token.toUpperCase(),
    () => damagedAfterSalt(random, token),
    () => (random.chance(0.02) ? random.damaged(token) : random.text()),
    () => fields(random).join(':'),
  );
}

/** Another salt is another derivation, on each side. */
function damagedAfterSalt(random: Random, token: string): string {
  const [salt, ...others] = token.split(':');
  return `${salt}:${random.damaged(others.join(':'))}`;
}

/** Fields of about the right lengths. */
function fields(random: Random): string[] {
  const [, ...others] = seal(random).split(':');
  const short = () => random.hex(random.pick([0, 1, 12, 15, 17, 32]));
  const all = [random.pick(SALTS), ...others].map((field) =>
    random.chance(0.2) ? short() : field,
  );
  return random.chance(0.1) ? [...all, ''] : all;
}

function seal(random: Random): string {
  const [key, salt] = [random.pick(KEYS), random.pick(SALTS)];
  const iv = random.bytes(16);
  const cipher = createCipheriv('aes-256-gcm', derive(key, salt), iv);
  // Not always UTF-8, which no vault writes, but which a key holder could.
  const plaintext = random.chance(0.1) ? random.bytes(9) : Buffer.from(random.text());
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [salt, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('hex'))].join(':');
}

/** compatibility.md, section 1, over Node's crypto. */
function reference(token: string, key: string): Settled {
  if (key.length < 32) {
    return { code: 'KEY_INVALID', message: 'Encryption key must be at least 32 characters' };
  }
  const parts = fieldsOf(token, 4);
  if (!parts) {
    return { code: 'TOKEN_FORMAT', message: 'Invalid encrypted token format' };
  }
  const [salt, iv, tag, data] = parts as [Buffer, Buffer, Buffer, Buffer];
  for (const [name, part] of Object.entries({ salt, IV: iv, 'auth tag': tag })) {
    if (part.length !== 16) {
      return { code: 'TOKEN_FORMAT', message: `Invalid ${name} length` };
    }
  }
  return open(derive(key, salt.toString('hex')), iv, tag, data);
}

function derive(key: string, salt: string): Buffer {
  const name = `${salt} ${key}`;
  const derived =
    derivedKeys.get(name) ?? pbkdf2Sync(key, Buffer.from(salt, 'hex'), 100_000, 32, 'sha256');
  derivedKeys.set(name, derived);
  return derived;
}
