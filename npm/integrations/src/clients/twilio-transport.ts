import { integrationError } from '../errors.js';
import type { Refused } from './refusals.js';
import { failed, parseAnswer } from './vendor-api.js';
import { codeOfFailure } from './vendor-codes.js';
import { isRedirect } from './vendor-fetch.js';
import { sendToVendor } from './vendor-request.js';

/** Milliseconds that an answer may take: the limit of Twilio's own transport. */
const TIMEOUT_MS = 30_000;

/** A request as Twilio's SDK hands it to its transport. */
interface TwilioRequest {
  method: string;
  uri: string;
  username?: string;
  password?: string;
  headers?: Record<string, string>;
  params?: Record<string, unknown>;
  data?: unknown;
  timeout?: number;
}

interface TwilioResponse {
  statusCode: number;
  body: unknown;
  headers: Record<string, string>;
}

/**
 * The transport of Twilio's SDK, which the SDK lets its users choose. Its own keeps the last request
 * with its password, prints both in errors, follows redirects, and takes a proxy and certificates from
 * the environment of the platform.
 */
export class TwilioTransport {
  /** Scheme and host of all requests; Twilio's own where there is none. */
  readonly #endpoint: string | undefined;
  readonly #refused: Refused;

  constructor(endpoint: string | undefined, refused: Refused) {
    this.#endpoint = endpoint;
    this.#refused = refused;
  }

  async request(request: TwilioRequest): Promise<TwilioResponse> {
    const { method, uri, username, password, params, data, timeout = TIMEOUT_MS } = request;
    const headers = new Headers(request.headers);
    if (username && password) {
      headers.set('authorization', `Basic ${btoa(`${username}:${password}`)}`);
    }
    const body = bodyOf(data, headers.get('content-type'));
    const init = {
      method: method.toUpperCase(),
      headers: Object.fromEntries(headers),
      ...(body !== undefined && { body }),
    };
    const url = this.#urlOf(uri, params);
    // Read whole, whatever its size, as by the SDK's own transport.
    const reply = await sendToVendor(url, init, timeout, Number.POSITIVE_INFINITY);
    if (reply.failure !== undefined) {
      throw failed('twilio', codeOfFailure(reply.failure));
    }
    if (isRedirect(reply.status)) {
      throw integrationError('VENDOR_ANSWER_UNEXPECTED', 'Twilio redirected the request');
    }
    if (reply.status === 401 && this.#isVendor(url)) {
      this.#refused();
    }
    return { statusCode: reply.status, body: parseAnswer(reply.body), headers: reply.headers };
  }

  /** Its users may have the SDK ask any host. */
  #isVendor(url: string): boolean {
    return this.#endpoint !== undefined || new URL(url).hostname.endsWith('.twilio.com');
  }

  #urlOf(uri: string, params: Record<string, unknown> | undefined): string {
    const own = new URL(uri);
    const url = this.#endpoint ? new URL(own.pathname + own.search, this.#endpoint) : own;
    for (const [name, value] of pairsOf(params)) {
      url.searchParams.append(name, value);
    }
    return url.href;
  }
}

function bodyOf(data: unknown, contentType: string | null): string | undefined {
  if (data === undefined || data === null) {
    return undefined;
  }
  return contentType?.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(pairsOf(data)).toString()
    : JSON.stringify(data);
}

/** Names and values as Twilio takes them: a list is its name again and again. */
function pairsOf(values: object | undefined): [string, string][] {
  return Object.entries(values ?? {}).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((item) => item !== undefined)
      .map((item): [string, string] => [name, textOf(item)]),
  );
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? '');
}
