import { vaultOf } from '../backend/default-vault.js';
import { ownProperties } from '../own-properties.js';
import { getTenantWebhookSecret, getTenantWiseConfig } from '../storage/storage.js';
import type { TenantWiseConfig } from '../types.js';
import { fromBase64, hmac, toBase64, utf8 } from './bytes.js';
import { checkCandidates } from './candidates.js';
import { keyInvalid, refusal, signatureInvalid, signatureMissing } from './refusal.js';
import type { RawBody, SignatureHeader } from './request.js';
import {
  type Check,
  type Delivery,
  hashId,
  parseJson,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';
import { WISE_WEBHOOK_KEYS } from './wise-keys.js';

export interface WiseWebhookOptions extends WebhookOptions {
  /**
   * The profiles whose events are for this tenant. Default: the one that verification recorded.
   * `null` takes events of any profile, and those that name none: anybody with a Wise account can
   * have such events sent to your address.
   */
  profileId?: string | number | readonly (string | number)[] | null | undefined;
  /**
   * `hmac-sha256` where a proxy of yours signs again, by a shared secret; Wise itself signs by RSA,
   * the default. A public key is never taken for a shared secret.
   */
  algorithm?: 'rsa-sha256' | 'hmac-sha256' | undefined;
  /** Wise's key, or the proxy's shared secret, instead of the stored one. */
  secret?: string | undefined;
}

const HEADER = 'x-signature-sha256';
/** Base64 of a signature by the largest key that anybody has, and more. */
const MAX_SIGNATURE_CHARACTERS = 4096;
const MIN_KEY_BITS = 2048;
/** Characters that a shared secret has at most; every public key has more. */
const MAX_SHARED_SECRET_CHARACTERS = 160;

/** Base64 of a signature over the body, by RSA (PKCS #1 v1.5) with SHA-256. @internal */
export const checkWise: Check<WiseWebhookOptions> = async (delivery) => {
  const { vault, tenantId, options, body } = delivery;
  const header = delivery.header(HEADER).trim();
  if (header === '' || fromBase64(header).length === 0) {
    throw signatureMissing(HEADER);
  }
  if (header.length > MAX_SIGNATURE_CHARACTERS) {
    throw signatureInvalid();
  }
  const [config, stored] = await Promise.all([
    getTenantWiseConfig.call(vault, tenantId),
    options.secret ?? getTenantWebhookSecret.call(vault, tenantId, 'wise'),
  ]);
  if (config === null) {
    throw refusal('NOT_CONFIGURED', 'Wise is not configured for this tenant');
  }
  await checkSignature(delivery, header, stored, config);
  const event = parseJson(body);
  const profileId = profileOf(event);
  checkProfile(profileId, options.profileId, config.profileId);
  return {
    event,
    // Wise's own `X-Delivery-Id` is not signed: anybody who repeats a delivery could change it.
    deliveryId: await hashId(body),
    ...(profileId !== undefined && { profileId }),
  };
};

/**
 * Checks the `X-Signature-SHA256` of a webhook. Never rejects.
 *
 * Wise signs for all its customers with one key, which comes with this package, for live tokens and
 * for the sandbox; a stored webhook secret takes its place. Therefore the event must also be about the
 * tenant's profile. No time is signed; see `isReplay`.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantWiseWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  options?: WiseWebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(vaultOf(this), 'wise', tenantId, rawBody, signature, options, checkWise);
}

async function checkSignature(
  { body, options }: Delivery<WiseWebhookOptions>,
  signature: string,
  stored: string | null,
  { sandboxMode }: TenantWiseConfig,
): Promise<void> {
  switch (options.algorithm ?? 'rsa-sha256') {
    case 'rsa-sha256': {
      const published = WISE_WEBHOOK_KEYS[sandboxMode ? 'sandbox' : 'production'];
      const key = await rsaKey(stored ?? published);
      const bytes = fromBase64(signature);
      if (!(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, bytes, body))) {
        throw signatureInvalid();
      }
      return;
    }
    case 'hmac-sha256': {
      const secret = sharedSecret(stored);
      await checkCandidates([signature], /^[A-Za-z0-9+/]{43}=$/, async () =>
        toBase64(await hmac('SHA-256', utf8(secret), body)),
      );
      return;
    }
    default:
      throw refusal('INPUT_INVALID', 'options.algorithm must be rsa-sha256 or hmac-sha256');
  }
}

async function rsaKey(stored: string): Promise<CryptoKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  try {
    const der = fromBase64(stored.replace(/-----(BEGIN|END) PUBLIC KEY-----/g, ''));
    const key = await crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
    if ((key.algorithm as RsaHashedKeyAlgorithm).modulusLength >= MIN_KEY_BITS) {
      return key;
    }
  } catch {
    // Not a key, as said below.
  }
  throw keyInvalid(
    'Wise',
    `an RSA public key of at least ${MIN_KEY_BITS} bits in PEM (or clear it: Wise's published key is used where none is stored)`,
  );
}

/** Everybody knows Wise's public key: an HMAC under it, or under a piece of it, proves nothing. */
function sharedSecret(stored: string | null): string {
  if (stored === null) {
    throw refusal('NOT_CONFIGURED', 'No webhook secret of Wise is stored for this tenant');
  }
  const plain = stored.replace(/\s|\\n/g, '').toLowerCase();
  const isKey =
    plain.length > MAX_SHARED_SECRET_CHARACTERS ||
    /-----|publickey|^mii|^ssh-rsa|\\x30/.test(plain) ||
    Object.values(WISE_WEBHOOK_KEYS).some((key) => key.toLowerCase().includes(plain));
  if (isKey) {
    throw keyInvalid('Wise', 'a shared secret, but a public key or a piece of one');
  }
  return stored;
}

/** The profile that an event is about. Each kind of event has it somewhere else. */
function profileOf(event: unknown): string | undefined {
  const data = members(members(event).data);
  const resource = members(data.resource);
  const found = [
    resource.profile_id,
    resource.profileId,
    data.profile_id,
    data.profileId,
    members(data.action).profile_id,
    members(resource.details).profile_id,
    resource.type === 'profile' ? resource.id : undefined,
  ].find((id) => typeof id === 'string' || typeof id === 'number');
  return found === undefined ? undefined : String(found);
}

function members(value: unknown): Record<string, unknown> {
  const object = typeof value === 'object' && value !== null ? value : {};
  return ownProperties(object as Record<string, unknown>);
}

function checkProfile(
  found: string | undefined,
  wanted: WiseWebhookOptions['profileId'],
  recorded: string | null,
): void {
  if (wanted === null) {
    return;
  }
  const allowed = [wanted ?? recorded ?? []].flat().map(String);
  if (found !== undefined && allowed.includes(found)) {
    return;
  }
  const reason =
    allowed.length === 0
      ? 'The profile of the tenant is not known: verify the Wise credential, which records it, or pass options.profileId'
      : 'The event is not about a Wise profile of this tenant';
  throw Object.assign(refusal('PROFILE_MISMATCH', reason), {
    ...(found !== undefined && { profileId: found }),
  });
}
