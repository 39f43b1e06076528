import { vaultOf } from '../backend/default-vault.js';
import { type Bytes, hmac, isEqual, sha256, toBase64, toHex, utf8 } from './bytes.js';
import { refusal, signatureInvalid, signatureMissing } from './refusal.js';
import type { RawBody, SignatureHeader } from './request.js';
import {
  type Check,
  hashId,
  parseJson,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

export interface TwilioWebhookOptions extends WebhookOptions {
  /**
   * The whole URL that Twilio asked for, as it is configured there: with scheme, host and query.
   * Behind a proxy that is another one than your server sees.
   */
  url: string;
}

type Form = Record<string, string | string[]>;

const HEADER = 'x-twilio-signature';

/**
 * Base64 of an HMAC-SHA1 under the account's token. It covers the URL and, after it, the fields of a
 * form, sorted; of any other body the URL has the hash, as `bodySHA256`.
 *
 * @internal
 */
export const checkTwilio: Check<TwilioWebhookOptions> = async ({
  body,
  header,
  options,
  secret,
}) => {
  const signature = header(HEADER).trim();
  if (signature === '') {
    throw signatureMissing(HEADER);
  }
  const query = queryOf(options.url);
  if (!/^[A-Za-z0-9+/]{27}=$/.test(signature)) {
    throw signatureInvalid();
  }
  const bodyHash = query.get('bodySHA256');
  const form = bodyHash === null ? parseForm(body) : {};
  const fields = signedFields(form);
  const key = utf8(await secret());
  const expected = await Promise.all(
    urlsOf(options.url).map(async (url) => toBase64(await hmac('SHA-1', key, utf8(url + fields)))),
  );
  if (!expected.map((candidate) => isEqual(signature, candidate)).includes(true)) {
    throw signatureInvalid();
  }
  if (bodyHash !== null && !isEqual(bodyHash.toLowerCase(), toHex(await sha256(body)))) {
    throw signatureInvalid();
  }
  return {
    event: eventOf(body, query, form),
    deliveryId: await hashId(utf8(options.url + fields)),
  };
};

/**
 * Checks the `X-Twilio-Signature` of a webhook. Never rejects.
 *
 * Twilio signs with the account's auth token: the stored webhook secret, or else the token that is
 * stored with an account's SID. It signs no time; see `isReplay`.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantTwilioWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  options: TwilioWebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'twilio',
    tenantId,
    rawBody,
    signature,
    options,
    checkTwilio,
  );
}

/** The fields of a form, the body as JSON, or the URL's fields where there is no body. */
function eventOf(body: Bytes, query: URLSearchParams, form: Form): unknown {
  if (body.length === 0) {
    return group(query);
  }
  return query.has('bodySHA256') ? parseJson(body) : form;
}

function queryOf(url: unknown): URLSearchParams {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw refusal('INPUT_INVALID', 'Pass options.url: the whole URL that Twilio asked for');
  }
  return new URL(url).searchParams;
}

function parseForm(body: Bytes): Form {
  return group(new URLSearchParams(new TextDecoder().decode(body)));
}

function group(pairs: URLSearchParams): Form {
  const form = new Map<string, string | string[]>();
  for (const name of pairs.keys()) {
    const values = pairs.getAll(name);
    form.set(name, values.length === 1 ? (values[0] as string) : values);
  }
  return Object.fromEntries(form);
}

/** Each name with its value, by name; a name that comes several times with each of its values once. */
function signedFields(form: Form): string {
  return Object.keys(form)
    .sort()
    .flatMap((name) => [...new Set([form[name]].flat())].sort().map((value) => name + value))
    .join('');
}

/** The URL with its port and without: Twilio's servers do not agree on which one is signed. */
function urlsOf(url: string): string[] {
  const [, scheme = '', host = '', port, rest = ''] =
    /^(https?:\/\/)([^/?#]*?)(:\d+)?([/?#].*)?$/is.exec(url) ?? [];
  const standardPort = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [scheme + host + rest, scheme + host + (port ?? standardPort) + rest];
}
