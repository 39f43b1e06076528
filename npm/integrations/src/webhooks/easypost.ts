import { vaultOf } from '../backend/default-vault.js';
import { hmac, toHex, utf8 } from './bytes.js';
import { checkCandidates } from './candidates.js';
import { signatureMissing } from './refusal.js';
import type { RawBody, SignatureHeader } from './request.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

const HEADER = 'x-hmac-signature';
const PREFIX = 'hmac-sha256-hex=';

/** `hmac-sha256-hex=<hex>` over the body, under the secret in Unicode's form NFKD. @internal */
export const checkEasyPost: Check = async (delivery) => {
  const header = delivery.header(HEADER).trim().toLowerCase();
  if (!header.startsWith(PREFIX)) {
    throw signatureMissing(HEADER);
  }
  await checkCandidates([header.slice(PREFIX.length)], /^[0-9a-f]{64}$/, async () => {
    const key = utf8((await delivery.secret()).normalize('NFKD'));
    return toHex(await hmac('SHA-256', key, delivery.body));
  });
  return {};
};

/**
 * Checks the `X-Hmac-Signature` of a webhook with the tenant's stored secret. Never rejects.
 *
 * It covers no time: a repeated event shows by its id, see `isReplay`.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantEasyPostWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'easypost',
    tenantId,
    rawBody,
    signature,
    options,
    checkEasyPost,
  );
}
