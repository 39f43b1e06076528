// What Node's own crypto makes of a token's fields; compatibility.md, section 1, has the outcomes.

import { createDecipheriv } from 'node:crypto';
import type { Settled } from './campaign';

/** The fields of a token, by its format's number of them; `undefined` if it has others, or what is no hexadecimal. */
export function fieldsOf(token: string, count: number): Buffer[] | undefined {
  const parts = token.split(':');
  const isHex = parts.every((part) => /^([0-9a-f]{2})*$/i.test(part));
  return parts.length === count && isHex
    ? parts.map((part) => Buffer.from(part, 'hex'))
    : undefined;
}

/** Decrypts by AES-256-GCM; the plaintext has to be UTF-8. */
export function open(key: Buffer, iv: Buffer, tag: Buffer, data: Buffer): Settled {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAuthTag(tag);
    const plaintext = Buffer.concat([decipher.update(data), decipher.final()]);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { value: decoder.decode(plaintext) };
  } catch {
    const message = 'Decryption failed - invalid key or corrupted data';
    return { code: 'DECRYPTION_FAILED', message };
  }
}
