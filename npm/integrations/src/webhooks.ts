import { isIntegrationError } from './errors.js';
import {
  getTenantMuxWebhookSecret,
  getTenantStripeWebhookSecret,
  getTenantWiseWebhookSecret,
} from './storage.js';

/** What became of a webhook's signature. */
export type WebhookVerification =
  | { valid: true /** The event: the body, parsed. */; event: unknown }
  | {
      valid: false;
      /**
       * `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `TIMESTAMP_OUTSIDE_TOLERANCE`, `PAYLOAD_INVALID`,
       * `NOT_CONFIGURED` where no webhook secret is stored, or the code of a storage error.
       */
      code: string;
      error: string;
    };

export interface WebhookOptions {
  /** Seconds that the signature's time may differ from now. Default 300. */
  toleranceSeconds?: number;
}

/** The body as it came: parsing and writing it anew would change the bytes that were signed. */
export type RawBody = string | Uint8Array;

type Check = (
  secret: string,
  body: Uint8Array<ArrayBuffer>,
) => Promise<{ code: string; error: string } | undefined>;

const DEFAULT_TOLERANCE_SECONDS = 300;

/** Checks the `Stripe-Signature` of a webhook with the tenant's stored secret. Never rejects. */
export async function verifyTenantStripeWebhook(
  tenantId: string,
  rawBody: RawBody,
  signatureHeader: string | null | undefined,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verify('Stripe', rawBody, getTenantStripeWebhookSecret(tenantId), (secret, body) =>
    checkTimestamped(secret, body, signatureHeader, options),
  );
}

/** Checks the `Mux-Signature` of a webhook with the tenant's stored secret. Never rejects. */
export async function verifyTenantMuxWebhook(
  tenantId: string,
  rawBody: RawBody,
  signatureHeader: string | null | undefined,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verify('Mux', rawBody, getTenantMuxWebhookSecret(tenantId), (secret, body) =>
    checkTimestamped(secret, body, signatureHeader, options),
  );
}

/**
 * Checks the `X-Signature-SHA256` of a webhook. Never rejects.
 *
 * The stored webhook secret is Wise's public key in PEM, with which Wise signs by RSA; any other
 * secret is taken for a shared one, with HMAC. Wise signs no time: a repeated event is told by the
 * `X-Delivery-Id` header.
 */
export async function verifyTenantWiseWebhook(
  tenantId: string,
  rawBody: RawBody,
  signatureHeader: string | null | undefined,
): Promise<WebhookVerification> {
  return verify('Wise', rawBody, getTenantWiseWebhookSecret(tenantId), (secret, body) =>
    checkBase64(secret, body, signatureHeader),
  );
}

async function verify(
  name: string,
  rawBody: RawBody,
  stored: Promise<string | null>,
  check: Check,
): Promise<WebhookVerification> {
  try {
    const secret = await stored;
    if (secret === null) {
      return refused('NOT_CONFIGURED', `No webhook secret of ${name} is stored for this tenant`);
    }
    if (typeof rawBody !== 'string' && !ArrayBuffer.isView(rawBody)) {
      return refused('PAYLOAD_INVALID', 'Pass the raw body, as a string or as bytes');
    }
    const body = bytesOf(rawBody);
    const problem = await check(secret, body);
    return problem ? refused(problem.code, problem.error) : readEvent(body);
  } catch (error) {
    return isIntegrationError(error)
      ? refused(error.code, error.message)
      : refused('INTERNAL', 'The webhook could not be checked');
  }
}

function refused(code: string, error: string): WebhookVerification {
  return { valid: false, code, error };
}

function readEvent(body: Uint8Array): WebhookVerification {
  try {
    return { valid: true, event: JSON.parse(new TextDecoder().decode(body)) };
  } catch {
    return refused('PAYLOAD_INVALID', 'The signature is right, but the body is not JSON');
  }
}

/** `t=<seconds>,v1=<hex>,…` over `<seconds>.<body>`, as Stripe and Mux sign. */
async function checkTimestamped(
  secret: string,
  body: Uint8Array,
  header: string | null | undefined,
  options: WebhookOptions | undefined,
) {
  const parts = String(header ?? '')
    .split(',')
    .map((part) => part.trim().split('=', 2));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  const signatures = parts.filter(([name]) => name === 'v1').map(([, value]) => fromHex(value));
  if (!/^\d{1,12}$/.test(time) || signatures.length === 0) {
    return { code: 'SIGNATURE_MISSING', error: 'The signature header has no time or signature' };
  }
  const key = await hmacKey(secret);
  const signed = concatenated(bytesOf(`${time}.`), body);
  const results = await Promise.all(
    signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  if (!results.includes(true)) {
    return WRONG_SIGNATURE;
  }
  const tolerance = options?.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  if (!(Math.abs(Date.now() / 1000 - Number(time)) <= tolerance)) {
    return {
      code: 'TIMESTAMP_OUTSIDE_TOLERANCE',
      error: `The signature is right, but more than ${tolerance} seconds from now`,
    };
  }
  return undefined;
}

/** Base64 of a signature over the body, by RSA (PKCS #1 v1.5) or HMAC, both with SHA-256. */
async function checkBase64(
  secret: string,
  body: Uint8Array<ArrayBuffer>,
  header: string | null | undefined,
) {
  const signature = fromBase64(String(header ?? ''));
  if (signature.length === 0) {
    return { code: 'SIGNATURE_MISSING', error: 'The signature header is empty or not Base64' };
  }
  const right = secret.includes('-----BEGIN PUBLIC KEY-----')
    ? await crypto.subtle.verify('RSASSA-PKCS1-v1_5', await rsaKey(secret), signature, body)
    : await crypto.subtle.verify('HMAC', await hmacKey(secret), signature, body);
  return right ? undefined : WRONG_SIGNATURE;
}

const WRONG_SIGNATURE = {
  code: 'SIGNATURE_INVALID',
  error: 'The signature does not fit the body and the stored webhook secret',
};

function hmacKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', bytesOf(secret), algorithm, false, ['verify']);
}

function rsaKey(pem: string): Promise<CryptoKey> {
  const der = fromBase64(pem.replace(/-----[^-]+-----/g, ''));
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
}

/** A copy: the caller may change its own, and another realm's bytes are none to WebCrypto. */
function bytesOf(text: RawBody): Uint8Array<ArrayBuffer> {
  return typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text);
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** Empty for anything but hex, which no signature is. */
function fromHex(text = ''): Uint8Array<ArrayBuffer> {
  const digits = /^(?:[0-9a-f]{2})+$/i.test(text) ? (text.match(/../g) ?? []) : [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}

/** Empty for anything but Base64. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text.replace(/\s/g, '')), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
