// The vendors' HTTP APIs, for the calls that need no SDK.

import { type IntegrationError, integrationError } from '../errors.js';
import { displayName } from '../services.js';
import type { TenantService } from '../types.js';
import type { Refused } from './refusals.js';
import { codeOfFailure, codeOfStatus, type VendorCode } from './vendor-codes.js';
import { sendToVendor, type VendorResponse } from './vendor-request.js';

/** Bytes of an answer that are read at most: embeddings of a full request take some 60 MB. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

/** What a call that is made without an SDK rejects with. */
export interface VendorError extends IntegrationError {
  code: VendorCode | 'VENDOR_REQUEST_REFUSED';
  /** HTTP status; none where there was no answer. */
  status?: number;
  /** For `VENDOR_RATE_LIMITED`: seconds to wait, where the vendor says. */
  retryAfterSeconds?: number;
  /**
   * What the vendor answered, parsed where it is JSON. Neither in the message nor printed with the
   * error: it may quote the request.
   */
  answer?: unknown;
}

/** How a vendor's API is reached. @internal */
export interface ApiSettings {
  service: TenantService;
  /** Scheme and host. */
  baseUrl: string;
  /** The secret that the headers carry; a vendor that quotes it is not repeated. */
  secret: string;
  headers: Record<string, string>;
  timeoutMs: number;
  refused: Refused;
  /** What a status means in this vendor's words, where it means something else than usual. */
  codeOf?(status: number, answer: string): VendorError['code'] | undefined;
}

/** One request: the path begins with a slash, the body is sent as JSON. @internal */
export interface ApiRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: object;
  headers?: Record<string, string>;
}

const MESSAGES: Record<VendorError['code'], string> = {
  CREDENTIAL_INVALID: 'does not accept the stored key: save a valid one',
  PERMISSION_MISSING: 'does not allow the stored key to make this call',
  VENDOR_REQUEST_REFUSED: 'refused the request: see the answer property',
  VENDOR_RATE_LIMITED: 'limits the number of requests: try again later',
  VENDOR_ERROR: 'returned a server error: try again later',
  VENDOR_TIMEOUT: 'did not answer in time',
  VENDOR_UNREACHABLE: 'could not be reached',
  VENDOR_ANSWER_UNEXPECTED: 'returned an unexpected response',
};

/**
 * A function that calls one vendor's API. Redirects are not followed and nothing is repeated; it
 * rejects with a `VendorError`.
 *
 * @internal
 */
export function vendorApi(settings: ApiSettings) {
  return async <T>({ method, path, body, headers }: ApiRequest): Promise<T> => {
    const init = {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...settings.headers,
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const url = settings.baseUrl + path;
    return read<T>(await sendToVendor(url, init, settings.timeoutMs, MAX_BODY_BYTES), settings);
  };
}

function read<T>(reply: VendorResponse, settings: ApiSettings): T {
  const { service, secret } = settings;
  if (reply.failure !== undefined) {
    throw failed(service, codeOfFailure(reply.failure));
  }
  const { status, body, retryAfterSeconds } = reply;
  const answer = parseAnswer(body.replaceAll(secret, '[redacted]'));
  const isObject = typeof answer === 'object' && answer !== null;
  if (status >= 200 && status < 300 && isObject) {
    return answer as T;
  }
  const code = settings.codeOf?.(status, body) ?? codeOfStatus(status, 'VENDOR_REQUEST_REFUSED');
  if (code === 'CREDENTIAL_INVALID') {
    settings.refused();
  }
  const error = failed(service, code);
  Object.assign(error, { status }, retryAfterSeconds !== undefined && { retryAfterSeconds });
  Object.defineProperty(error, 'answer', { value: answer });
  throw error;
}

/** The error for a call that did not succeed. @internal */
export function failed(service: TenantService, code: VendorError['code']): IntegrationError {
  return integrationError(code, `${displayName(service)} ${MESSAGES[code]}`);
}

/** An answer, parsed where it is JSON. @internal */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
