// Format v2 (crates/crypto/src/v2) written a second and a third time, over Node's crypto and over
// WebCrypto. They share no code, so that no fault of one is in the other.

import { createCipheriv, createDecipheriv, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The place of a value; without parts it has none. */
export interface Place {
  tenantId?: string;
  service?: string;
  field?: string;
}

/** What a token is made of, besides what is derived. */
export interface Ingredients {
  key: string;
  place: Place;
  salt: Uint8Array;
  plaintext: Uint8Array;
}

/** The plaintext, or the code of the error. */
export type Opened = { value: string } | { code: string };

export interface Reference {
  keyId(key: string): Promise<string>;
  seal(ingredients: Ingredients): Promise<string>;
  open(token: string, key: string, place: Place): Promise<Opened>;
}

// Over Node's crypto

const label = (name: string) => Buffer.from(`cgk-integrations/v2/${name}\0`);

function derive(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', ikm, salt, info, length));
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function contextOf({ tenantId, service, field }: Place): Buffer {
  return tenantId === undefined
    ? Buffer.of(0)
    : Buffer.concat([
        Buffer.of(3),
        ...[tenantId, service, field].map((part) => counted(part ?? '')),
      ]);
}

function rootKey(key: string): Buffer {
  return derive(Buffer.from(key), label('root'), label('root'), 32);
}

function nodeKeyId(key: string): string {
  return derive(rootKey(key), Buffer.of(), label('kid'), 4).toString('hex');
}

function valueKeys(key: string, place: Place, salt: Uint8Array): [Buffer, Buffer, Buffer] {
  const tenant = Buffer.concat([label('tenant'), counted(place.tenantId ?? '')]);
  const tenantKey = derive(rootKey(key), Buffer.of(), tenant, 32);
  const info = Buffer.concat([label('seal'), Buffer.of(1), contextOf(place)]);
  const all = derive(tenantKey, salt, info, 76);
  return [all.subarray(0, 32), all.subarray(32, 44), all.subarray(44)];
}

const authenticated = (id: string, header: Uint8Array, place: Place) =>
  Buffer.concat([Buffer.from(`v2.${id}.`), header, contextOf(place)]);

export const nodeReference: Reference = {
  async keyId(key) {
    return nodeKeyId(key);
  },

  async seal({ key, place, salt, plaintext }) {
    const id = nodeKeyId(key);
    const [aesKey, nonce, commitment] = valueKeys(key, place, salt);
    const flag = place.tenantId === undefined ? 0 : 1;
    const header = Buffer.concat([Buffer.of(1, flag), salt, commitment]);
    const cipher = createCipheriv('aes-256-gcm', aesKey, nonce);
    cipher.setAAD(authenticated(id, header, place));
    const data = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const body = Buffer.concat([header, data, cipher.getAuthTag()]);
    return `v2.${id}.${body.toString('base64url')}`;
  },

  async open(token, key, place) {
    const [, id, text] = /^v2\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/.exec(token) ?? [];
    const body = Buffer.from(text ?? '', 'base64url');
    const isWhole = body.length >= 82 && body[0] === 1 && (body[1] ?? 2) <= 1;
    if (!isWhole || body.toString('base64url') !== text || id === undefined) {
      return { code: 'TOKEN_FORMAT' };
    }
    if (id !== nodeKeyId(key)) {
      return { code: 'KEY_UNKNOWN' };
    }
    const [aesKey, nonce, commitment] = valueKeys(key, place, body.subarray(2, 34));
    const isBound = body[1] === 1;
    if (
      isBound === (place.tenantId === undefined) ||
      !timingSafeEqual(commitment, body.subarray(34, 66))
    ) {
      return { code: 'DECRYPTION_FAILED' };
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', aesKey, nonce);
      decipher.setAAD(authenticated(id, body.subarray(0, 66), place));
      decipher.setAuthTag(body.subarray(-16));
      const plaintext = Buffer.concat([decipher.update(body.subarray(66, -16)), decipher.final()]);
      return {
        value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext),
      };
    } catch {
      return { code: 'DECRYPTION_FAILED' };
    }
  },
};

// Over WebCrypto

const { subtle } = globalThis.crypto;

type Bytes = Uint8Array<ArrayBuffer>;

function bytes(...parts: (string | number | ArrayLike<number>)[]): Bytes {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'number') {
        return [part];
      }
      return Array.from(typeof part === 'string' ? new TextEncoder().encode(part) : part);
    }),
  );
}

function short(text: string): Bytes {
  const { length } = new TextEncoder().encode(text);
  return bytes(length >> 8, length & 0xff, text);
}

const name = (text: string) => bytes('cgk-integrations/v2/', text, 0);

const locate = ({ tenantId, service = '', field = '' }: Place) =>
  tenantId === undefined ? bytes(0) : bytes(3, short(tenantId), short(service), short(field));

async function expand(secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info };
  return new Uint8Array(await subtle.deriveBits(parameters, key, 8 * length));
}

const rootBytes = (key: string) => expand(bytes(key), name('root'), name('root'), 32);

async function webKeyId(key: string): Promise<string> {
  const id = await expand(await rootBytes(key), bytes(), name('kid'), 4);
  return Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function prepare(key: string, place: Place, salt: Bytes) {
  const info = bytes(name('tenant'), short(place.tenantId ?? ''));
  const tenantKey = await expand(await rootBytes(key), bytes(), info, 32);
  const all = await expand(tenantKey, salt, bytes(name('seal'), 1, locate(place)), 76);
  return {
    aesKey: await subtle.importKey('raw', all.slice(0, 32), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]),
    iv: all.slice(32, 44),
    commitment: all.slice(44),
  };
}

function toBase64Url(data: Bytes): string {
  const text = btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `undefined` unless it encodes back to the same text. */
function fromBase64Url(text: string): Bytes | undefined {
  if (/[^A-Za-z0-9_-]/.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const data = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return toBase64Url(data) === text ? data : undefined;
}

export const webReference: Reference = {
  keyId: webKeyId,

  async seal({ key, place, salt, plaintext }) {
    const { aesKey, iv, commitment } = await prepare(key, place, bytes(salt));
    const start = bytes(1, Number(place.tenantId !== undefined), salt, commitment);
    const id = await webKeyId(key);
    const additionalData = bytes(`v2.${id}.`, start, locate(place));
    const algorithm = { name: 'AES-GCM', iv, additionalData };
    const sealed = new Uint8Array(await subtle.encrypt(algorithm, aesKey, bytes(plaintext)));
    return ['v2', id, toBase64Url(bytes(start, sealed))].join('.');
  },

  async open(token, key, place) {
    const [version, id = '', text = '', ...others] = token.split('.');
    const data = fromBase64Url(text);
    if (version !== 'v2' || others.length > 0 || !/^[0-9a-f]{8}$/.test(id) || !data) {
      return { code: 'TOKEN_FORMAT' };
    }
    const [suite, flag] = data;
    if (data.length < 82 || suite !== 1 || (flag !== 0 && flag !== 1)) {
      return { code: 'TOKEN_FORMAT' };
    }
    if (id !== (await webKeyId(key))) {
      return { code: 'KEY_UNKNOWN' };
    }
    const { aesKey, iv, commitment } = await prepare(key, place, data.slice(2, 34));
    const isCommitted = commitment.every((byte, index) => byte === data[34 + index]);
    if (!isCommitted || flag !== Number(place.tenantId !== undefined)) {
      return { code: 'DECRYPTION_FAILED' };
    }
    const additionalData = bytes(`v2.${id}.`, data.slice(0, 66), locate(place));
    try {
      const algorithm = { name: 'AES-GCM', iv, additionalData };
      const plaintext = await subtle.decrypt(algorithm, aesKey, data.slice(66));
      return {
        value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext),
      };
    } catch {
      return { code: 'DECRYPTION_FAILED' };
    }
  },
};
