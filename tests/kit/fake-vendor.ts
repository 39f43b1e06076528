// One fake vendor: which credential a request shows, and what is answered to it.

import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeVendor {
  /** The credential that a request shows. */
  credential(request: ReceivedRequest): string | undefined;
  /** What it answers by `METHOD /path`. */
  answers: Record<string, object | string>;
  headers?: Record<string, string>;
  wrong: [status: number, body: object | string];
  restricted: [status: number, body: object | string];
  /** Its keys have no permissions: a 403 says nothing of them. */
  isScopeless?: boolean;
}

/** The token of the scheme Bearer. */
export function bearer(request: ReceivedRequest): string | undefined {
  return request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
}

function basic(request: ReceivedRequest): string[] {
  const encoded = request.headers.authorization?.match(/^Basic (.+)$/)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString().split(':');
}

/** The user of the scheme Basic. */
export function user(request: ReceivedRequest): string | undefined {
  return basic(request)[0];
}

/** The password of the scheme Basic. */
export function password(request: ReceivedRequest): string | undefined {
  return basic(request)[1];
}

/** The content of a header. */
export function header(name: string) {
  return (request: ReceivedRequest) => request.headers[name]?.toString();
}

/** The URL's parameters. */
export function query(request: ReceivedRequest): URLSearchParams {
  return new URL(request.url, 'http://vendor').searchParams;
}

/** The access key of a request whose signature (AWS Signature Version 4) by a secret key is right. */
export function signer(secretKey: string) {
  return (request: ReceivedRequest): string | undefined => {
    const [, accessKey = '', scope = '', names = '', signature] =
      request.headers.authorization?.match(
        /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/,
      ) ?? [];
    const { pathname, searchParams } = new URL(request.url, 'http://vendor');
    const parameters = [...searchParams].map((pair) => pair.map(encodeURIComponent).join('='));
    const headers = names.split(';').map((name) => `${name}:${request.headers[name]}\n`);
    const canonical = [
      request.method,
      pathname,
      parameters.sort().join('&'),
      headers.join(''),
      names,
      request.headers['x-amz-content-sha256'],
    ].join('\n');
    const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)];
    const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`));
    return hmac(key, text.join('\n')).toString('hex') === signature ? accessKey : undefined;
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
