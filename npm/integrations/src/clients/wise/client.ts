import { integrationError } from '../../errors.js';
import { ownProperties } from '../../own-properties.js';
import type { WiseProfile } from '../../types.js';
import type { Refused } from '../refusals.js';
import { codeOfFailure, codeOfStatus } from '../vendor-codes.js';
import { sendToVendor, type VendorResponse } from '../vendor-request.js';
import { readErrors, wiseError } from './error.js';
import { readProfile } from './profiles.js';
import { readQuote } from './quote.js';
import type {
  CreateQuoteParams,
  CreateRecipientParams,
  CreateTransferParams,
  WiseBalance,
  WiseClient,
  WiseFundingResult,
  WiseHeaders,
  WiseQuote,
  WiseRecipient,
  WiseTransfer,
} from './types.js';

/** Times that a call which may be repeated is made at most. */
const MAX_ATTEMPTS = 3;
/** Milliseconds before the second attempt; doubled for the third. */
const FIRST_PAUSE_MS = 250;
/** Seconds of `Retry-After` that are waited at most; a longer wait is the caller's to decide. */
const LONGEST_WAIT_SECONDS = 10;

interface Settings {
  baseUrl: string;
  token: string;
  profileId: string | null;
  sandboxMode: boolean;
  timeoutMs: number;
  refused: Refused;
}

interface Call {
  body?: unknown;
  headers: WiseHeaders | undefined;
  /** Whether it does no harm when it is made twice. */
  repeatable: boolean;
}

/**
 * Every call has a time-out. On 429, 5xx and a lost connection, calls are repeated that do no harm
 * when made twice: `GET`, and transfers, which Wise distinguishes by their `customerTransactionId`.
 */
export class WiseApi implements WiseClient {
  profileId: string | null;
  readonly sandboxMode: boolean;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.profileId = settings.profileId;
    this.sandboxMode = settings.sandboxMode;
    this.#settings = settings;
  }

  async get<T>(path: string, headers?: WiseHeaders): Promise<T> {
    return this.#call<T>('GET', path, { headers, repeatable: true });
  }

  async post<T>(path: string, body: unknown, headers?: WiseHeaders): Promise<T> {
    return this.#call<T>('POST', path, { body, headers, repeatable: false });
  }

  async getBalances(): Promise<WiseBalance[]> {
    return this.get(`/v4/profiles/${await this.#profile()}/balances?types=STANDARD`);
  }

  async getProfiles(): Promise<WiseProfile[]> {
    const answer = await this.get<unknown>('/v2/profiles');
    const profiles = Array.isArray(answer) ? answer.map(readProfile) : [undefined];
    if (profiles.includes(undefined)) {
      throw wiseError('VENDOR_ANSWER_UNEXPECTED', { status: 200 });
    }
    return profiles as WiseProfile[];
  }

  async createQuote(params: CreateQuoteParams): Promise<WiseQuote> {
    return readQuote(await this.post(`/v3/profiles/${await this.#profile()}/quotes`, params));
  }

  async createRecipient(params: CreateRecipientParams): Promise<WiseRecipient> {
    return this.post('/v1/accounts', params);
  }

  async createTransfer(params: CreateTransferParams): Promise<WiseTransfer> {
    if (typeof params?.customerTransactionId !== 'string' || params.customerTransactionId === '') {
      throw inputInvalid(
        'customerTransactionId',
        'Pass a UUID that stays the same when the transfer is asked for again: without one, a second call pays a second time',
      );
    }
    return this.#call('POST', '/v1/transfers', {
      body: params,
      headers: undefined,
      repeatable: true,
    });
  }

  async fundTransfer(
    transferId: number | string,
    headers?: WiseHeaders,
  ): Promise<WiseFundingResult> {
    if (!/^\d+$/.test(String(transferId))) {
      throw inputInvalid('transferId', "Pass the transfer's id, a whole number");
    }
    const path = `/v3/profiles/${await this.#profile()}/transfers/${transferId}/payments`;
    const result = await this.post<WiseFundingResult>(path, { type: 'BALANCE' }, headers);
    if (String(result?.status).toUpperCase() === 'REJECTED') {
      throw wiseError('WISE_FUNDING_REJECTED', { status: 200, ...readErrors(result) });
    }
    return result;
  }

  /** The profile's id; a business profile where none was recorded. */
  async #profile(): Promise<string> {
    if (this.profileId === null) {
      const profiles = await this.getProfiles();
      const profile = profiles.find(({ type }) => type.toLowerCase() === 'business') ?? profiles[0];
      if (!profile) {
        throw wiseError('PERMISSION_MISSING');
      }
      this.profileId = String(profile.id);
    }
    return encodeURIComponent(this.profileId);
  }

  async #call<T>(method: string, path: string, { body, headers, repeatable }: Call): Promise<T> {
    const { baseUrl, token, timeoutMs, refused } = this.#settings;
    const url = new URL(path, baseUrl);
    if (url.origin !== new URL(baseUrl).origin) {
      throw new TypeError('The path must begin with a single slash: the token stays with Wise');
    }
    const sent = ownHeaders(headers);
    sent.set('authorization', `Bearer ${token}`);
    const init: Parameters<typeof sendToVendor>[1] = { method, headers: {} };
    if (body !== undefined) {
      sent.set('content-type', 'application/json');
      init.body = JSON.stringify(body);
    }
    init.headers = Object.fromEntries(sent);
    for (let attempt = 1; ; attempt += 1) {
      const reply = await sendToVendor(url.href, init, timeoutMs);
      if (reply.failure === undefined && reply.status === 401) {
        refused();
      }
      const pause = pauseBefore(reply, attempt);
      if (!repeatable || attempt === MAX_ATTEMPTS || pause === undefined) {
        return read<T>(reply);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** The caller's headers. The error of `Headers` would quote them. */
function ownHeaders(headers: WiseHeaders | undefined): Headers {
  try {
    return new Headers({ ...headers });
  } catch {
    throw inputInvalid('headers', 'Pass names and values that HTTP allows');
  }
}

function inputInvalid(field: string, reason: string) {
  return integrationError('INPUT_INVALID', `${field}: ${reason}`, { [field]: reason });
}

/** Milliseconds to wait for the next attempt; `undefined` if there is to be none. */
function pauseBefore(reply: VendorResponse, attempt: number): number | undefined {
  const temporary = reply.failure !== undefined || reply.status === 429 || reply.status >= 500;
  if (!temporary) {
    return undefined;
  }
  const backoff = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  const asked = reply.failure === undefined ? reply.retryAfterSeconds : undefined;
  if (asked === undefined) {
    return backoff;
  }
  return asked <= LONGEST_WAIT_SECONDS ? Math.max(asked * 1000, backoff) : undefined;
}

function read<T>(reply: VendorResponse): T {
  if (reply.failure !== undefined) {
    throw wiseError(codeOfFailure(reply.failure));
  }
  const { status, headers, body } = reply;
  const content = parseJson(body);
  if (status >= 200 && status < 300) {
    if (content === undefined) {
      throw wiseError('VENDOR_ANSWER_UNEXPECTED', { status });
    }
    return content as T;
  }
  const approvalToken = ownProperties(headers)['x-2fa-approval'];
  if (status === 403 && approvalToken) {
    throw wiseError('WISE_SCA_REQUIRED', { status, approvalToken, ...readErrors(content) });
  }
  throw wiseError(codeOfStatus(status, 'WISE_REQUEST_REFUSED'), { status, ...readErrors(content) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
