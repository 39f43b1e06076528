import type { Vault } from '../backend/vault.js';
import { isIntegrationError } from '../errors.js';
import { ownProperties, ownValue } from '../own-properties.js';
import { displayName } from '../services.js';
import { getTenantWebhookSecret } from '../storage/storage.js';
import type { TenantService } from '../types.js';
import { type Bytes, sha256, toHex } from './bytes.js';
import { refusal } from './refusal.js';
import { bodyBytes, headerReader, type RawBody, type SignatureHeader } from './request.js';

/** What became of a webhook. */
export type WebhookVerification =
  | {
      valid: true;
      /** The body, parsed: JSON, or the fields of a form. */
      event: unknown;
      /**
       * What distinguishes one delivery from another, taken from what was signed: the `webhook-id` header,
       * the event's `id`, or else `sha256:` and the hash of what was signed.
       */
      deliveryId: string;
      /** The Wise profile that the event is about. */
      profileId?: string;
    }
  | {
      valid: false;
      /**
       * `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `TIMESTAMP_OUTSIDE_TOLERANCE`, `PAYLOAD_INVALID`,
       * `BODY_TOO_LARGE`, `REPLAYED`, `PROFILE_MISMATCH`, `NOT_CONFIGURED` where no webhook secret
       * is stored, `WEBHOOK_KEY_INVALID` where what is stored is no such secret, `INPUT_INVALID`
       * where an option is wrong, or the code of a storage error.
       */
      code: string;
      error: string;
      /** With `PROFILE_MISMATCH`: the Wise profile that the event is about, where it names one. */
      profileId?: string;
    };

export interface WebhookOptions {
  /**
   * Seconds that the signature's time may differ from now, before or after. Default 300, for
   * ElevenLabs 1800. Wise, EasyPost, Twilio and AssemblyAI sign no time.
   */
  toleranceSeconds?: number | undefined;
  /** Bytes that a body may have. Default 1 MiB. A larger one is refused before anything is done. */
  maxBodyBytes?: number | undefined;
  /**
   * Asked last, of a delivery that is right in everything else: has this id been seen before?
   * `true` refuses it as `REPLAYED`.
   */
  isReplay?: ((deliveryId: string) => boolean | Promise<boolean>) | undefined;
}

/** A request that claims to come from a vendor. */
export interface Delivery<Options extends WebhookOptions = WebhookOptions> {
  /** What exported functions are called on, so that they take the same vault. */
  readonly vault: unknown;
  readonly tenantId: string;
  readonly body: Bytes;
  readonly options: Options;
  /** A header by its name in lower case; empty where there is none. */
  header(name: string): string;
  /** The stored secret. Asked for late: what is wrong without it costs no query. */
  secret(): Promise<string>;
}

/** What a check found in a delivery that is right. */
export interface Finding {
  /** Where the body is not simply JSON. */
  event?: unknown;
  deliveryId?: string;
  profileId?: string;
}

/** Finds out whether a delivery is right; throws a refusal where it is not. */
export type Check<Options extends WebhookOptions = WebhookOptions> = (
  delivery: Delivery<Options>,
) => Promise<Finding>;

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/** Runs the check of a service over a request. Never rejects. @internal */
export async function verifyDelivery<Options extends WebhookOptions>(
  vault: Vault,
  service: TenantService,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  given: Options | undefined,
  check: Check<Options>,
): Promise<WebhookVerification> {
  try {
    // Without a prototype: only what the caller itself set is an option.
    const options: Options = ownProperties(given ?? ({} as Options));
    const body = bodyBytes(rawBody, options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
    const finding = await check({
      vault,
      tenantId,
      body,
      options,
      header: headerReader(signature),
      secret: () => storedSecret(vault, tenantId, service),
    });
    const { event = parseJson(body), deliveryId, profileId } = ownProperties(finding);
    const id = deliveryId ?? idOf(event) ?? (await hashId(body));
    if (await options.isReplay?.(id)) {
      throw refusal('REPLAYED', 'The webhook was delivered before');
    }
    return { valid: true, event, deliveryId: id, ...(profileId !== undefined && { profileId }) };
  } catch (error) {
    return refused(error);
  }
}

/** The body as JSON. @internal */
export function parseJson(body: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw refusal('PAYLOAD_INVALID', 'The signature is right, but the body is not JSON');
  }
}

/** An id for what has none. @internal */
export async function hashId(signed: Bytes): Promise<string> {
  return `sha256:${toHex(await sha256(signed))}`;
}

async function storedSecret(
  vault: Vault,
  tenantId: string,
  service: TenantService,
): Promise<string> {
  const secret = await getTenantWebhookSecret.call(vault, tenantId, service);
  if (secret === null) {
    throw refusal(
      'NOT_CONFIGURED',
      `No webhook secret of ${displayName(service)} is stored for this tenant`,
    );
  }
  return secret;
}

function idOf(event: unknown): string | undefined {
  const id = ownValue(event, 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function refused(error: unknown): WebhookVerification {
  if (!isIntegrationError(error)) {
    return { valid: false, code: 'INTERNAL', error: 'The webhook could not be checked' };
  }
  const { code, message } = error;
  const profileId = ownValue(error, 'profileId') as string | undefined;
  return {
    valid: false,
    code,
    error: message,
    ...(profileId !== undefined && { profileId }),
  };
}
