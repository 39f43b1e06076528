// What a caller hands in of a request: the bytes of its body and its headers.

import { type Bytes, utf8 } from './bytes.js';
import { refusal } from './refusal.js';

/**
 * The body as it came: parsing it and writing it again would change the bytes that were signed.
 *
 * Bytes are copied first, so that memory that is shared between threads may be given, too.
 */
export type RawBody = string | ArrayBufferLike | ArrayBufferView;

/** The headers of a request, as `Request` or as Node has them. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of the vendor's signature header, or all headers of the request. */
export type SignatureHeader = string | null | undefined | WebhookHeaders;

/** The bytes of a body; throws `BODY_TOO_LARGE` and `PAYLOAD_INVALID`. @internal */
export function bodyBytes(rawBody: RawBody, maxBytes: number): Bytes {
  if (typeof rawBody === 'string') {
    // A character has at least one byte: a body that is too large is not even encoded.
    checkSize(rawBody.length, maxBytes);
    const bytes = utf8(rawBody);
    checkSize(bytes.length, maxBytes);
    return bytes;
  }
  const view = viewOf(rawBody);
  checkSize(view.length, maxBytes);
  // A copy in this realm: the caller may change its own, and another realm's is none to WebCrypto.
  return view.slice();
}

/** Finds a header by its name in lower case; empty where there is none. @internal */
export function headerReader(source: SignatureHeader): (name: string) => string {
  if (typeof source !== 'object' || source === null) {
    return () => String(source ?? '');
  }
  if (typeof source.get === 'function') {
    const headers = source as { get(name: string): string | null };
    return (name) => headers.get(name) ?? '';
  }
  const headers = new Map(
    Object.entries(source).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  );
  return (name) => headers.get(name) ?? '';
}

function checkSize(size: number, maxBytes: number): void {
  if (!(size <= maxBytes)) {
    throw refusal('BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes (maxBodyBytes)`);
  }
}

function viewOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  try {
    if (ArrayBuffer.isView(rawBody)) {
      const { buffer, byteOffset, byteLength } = rawBody;
      return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    }
    // Not `instanceof`: the buffer may come from another realm.
    const tag = Object.prototype.toString.call(rawBody);
    if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') {
      return new Uint8Array(rawBody as ArrayBuffer);
    }
  } catch {
    // Memory that was transferred elsewhere.
  }
  throw refusal('PAYLOAD_INVALID', 'Pass the raw body, as a string or as bytes');
}
