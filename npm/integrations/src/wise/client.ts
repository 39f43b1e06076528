import type { WiseProfile } from '../types.js';
import { sendToVendor, type VendorReply } from '../vendor-request.js';
import { wiseError } from './error.js';
import type {
  CreateQuoteParams,
  CreateRecipientParams,
  CreateTransferParams,
  WiseBalance,
  WiseFundingResult,
  WiseQuote,
  WiseRecipient,
  WiseTransfer,
} from './types.js';

/** Times that a call which may be repeated is made at most. */
const ATTEMPTS = 3;
/** Milliseconds before the second attempt; doubled for the third. */
const FIRST_PAUSE = 250;
/** Seconds of `Retry-After` that are waited at most; a longer wait is the caller's to decide. */
const LONGEST_WAIT = 10;

interface Settings {
  baseUrl: string;
  token: string;
  profileId: string | null;
  sandboxMode: boolean;
  timeoutMs: number;
}

/**
 * Wise's API, which has no official SDK.
 *
 * Every call has a time-out. On 429, 5xx and a lost connection, calls are repeated that do no harm
 * when made twice: `GET`, and transfers, which Wise tells apart by their `customerTransactionId`.
 * Rejects with a `WiseError`.
 */
export class WiseClient {
  /** Profile that calls are made for; found out by the first call that needs it where it is `null`. */
  profileId: string | null;
  /** Whether the token belongs to Wise's sandbox. */
  readonly sandboxMode: boolean;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.profileId = settings.profileId;
    this.sandboxMode = settings.sandboxMode;
    this.#settings = settings;
  }

  /** `GET` of a path of the API, which begins with a slash. */
  async get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path, undefined, true);
  }

  /** `POST` to a path of the API, which begins with a slash. Never repeated. */
  async post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('POST', path, body, false);
  }

  /** The profile's balances. */
  async getBalances(): Promise<WiseBalance[]> {
    return this.get(`/v4/profiles/${await this.#profile()}/balances?types=STANDARD`);
  }

  /** The profiles that the token reaches. */
  async getProfiles(): Promise<WiseProfile[]> {
    return this.get('/v1/profiles');
  }

  /** Asks for the price of a transfer. */
  async createQuote(params: CreateQuoteParams): Promise<WiseQuote> {
    return this.post('/v3/quotes', { ...params, profile: Number(await this.#profile()) });
  }

  /** Makes a recipient. */
  async createRecipient(params: CreateRecipientParams): Promise<WiseRecipient> {
    return this.post('/v1/accounts', params);
  }

  /** Makes a transfer; the same one if its `customerTransactionId` was used before. */
  async createTransfer(params: CreateTransferParams): Promise<WiseTransfer> {
    const customerTransactionId = params.customerTransactionId || crypto.randomUUID();
    return this.#call('POST', '/v1/transfers', { ...params, customerTransactionId }, true);
  }

  /** Pays for a transfer from the profile's balance. */
  async fundTransfer(transferId: number): Promise<WiseFundingResult> {
    const profile = await this.#profile();
    const path = `/v3/profiles/${profile}/transfers/${encodeURIComponent(transferId)}/payments`;
    return this.post(path, { type: 'BALANCE' });
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

  async #call<T>(method: string, path: string, body: unknown, repeatable: boolean): Promise<T> {
    const { baseUrl, token, timeoutMs } = this.#settings;
    const url = new URL(path, baseUrl);
    if (url.origin !== new URL(baseUrl).origin) {
      throw new TypeError('The path must begin with a single slash: the token stays with Wise');
    }
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    const init: Parameters<typeof sendToVendor>[1] = { method, headers };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(body);
    }
    for (let attempt = 1; ; attempt += 1) {
      const reply = await sendToVendor(url.href, init, timeoutMs);
      const pause = pauseBefore(reply, attempt);
      if (!repeatable || attempt === ATTEMPTS || pause === undefined) {
        return read<T>(reply);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Milliseconds to wait for the next attempt; `undefined` if there is to be none. */
function pauseBefore(reply: VendorReply, attempt: number): number | undefined {
  const temporary = reply.failure !== undefined || reply.status === 429 || reply.status >= 500;
  if (!temporary) {
    return undefined;
  }
  const backoff = FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  const asked = reply.failure === undefined ? reply.retryAfterSeconds : undefined;
  if (asked === undefined) {
    return backoff;
  }
  return asked <= LONGEST_WAIT ? Math.max(asked * 1000, backoff) : undefined;
}

function read<T>(reply: VendorReply): T {
  if (reply.failure !== undefined) {
    throw wiseError(reply.failure === 'timeout' ? 'VENDOR_TIMEOUT' : 'VENDOR_UNREACHABLE');
  }
  const { status, body } = reply;
  const content = parseJson(body);
  if (status >= 200 && status < 300) {
    if (content === undefined) {
      throw wiseError('VENDOR_ANSWER_UNEXPECTED', { status });
    }
    return content as T;
  }
  const { errors } = (content ?? {}) as { errors?: unknown };
  throw wiseError(codeOf(status), { status, errors: Array.isArray(errors) ? errors : [] });
}

function codeOf(status: number) {
  switch (status) {
    case 401:
      return 'CREDENTIAL_INVALID';
    case 403:
      return 'PERMISSION_MISSING';
    case 429:
      return 'VENDOR_RATE_LIMITED';
    default:
      if (status >= 500) {
        return 'VENDOR_ERROR';
      }
      return status >= 400 ? 'WISE_REQUEST_REFUSED' : 'VENDOR_ANSWER_UNEXPECTED';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
