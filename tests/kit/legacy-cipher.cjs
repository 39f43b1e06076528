// Format v1 as the legacy TypeScript package writes and reads it: the reference for every backend, and what
// the benchmark compares with.

const { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } = require('node:crypto');

/** @type {(plaintext: string, key: string) => string} */
function legacyEncrypt(plaintext, key) {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(key, salt), iv);
  const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return [salt, iv, cipher.getAuthTag(), data].map((part) => part.toString('hex')).join(':');
}

/** @type {(token: string, key: string) => string} */
function legacyDecrypt(token, key) {
  const [salt, iv, tag, data] = token.split(':').map((part) => Buffer.from(part, 'hex'));
  if (!salt || !iv || !tag || !data) {
    throw new Error('not a token');
  }
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, salt), iv);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
}

/** @type {(key: string, salt: Buffer) => Buffer} */
function deriveKey(key, salt) {
  return pbkdf2Sync(key, salt, 100_000, 32, 'sha256');
}

module.exports = { legacyDecrypt, legacyEncrypt };
