// Format v1 as the TypeScript package writes and reads it: the reference for every backend.

import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';

export function incumbentEncrypt(plaintext: string, key: string): string {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(key, salt), iv);
  const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return [salt, iv, cipher.getAuthTag(), data].map((part) => part.toString('hex')).join(':');
}

export function incumbentDecrypt(token: string, key: string): string {
  const [salt, iv, tag, data] = token.split(':').map((part) => Buffer.from(part, 'hex'));
  if (!salt || !iv || !tag || !data) {
    throw new Error('not a token');
  }
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, salt), iv);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
}

function deriveKey(key: string, salt: Buffer): Buffer {
  return pbkdf2Sync(key, salt, 100_000, 32, 'sha256');
}
