import { vaultOf } from '../backend/default-vault.js';
import type { RawBody, SignatureHeader } from './request.js';
import { checkTimestamped } from './timestamped.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

/** @internal */
export const checkStripe: Check = (delivery) =>
  checkTimestamped(delivery, { header: 'stripe-signature', signature: 'v1' });

/**
 * Checks the `Stripe-Signature` of a webhook with the tenant's stored secret. Never rejects.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantStripeWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'stripe',
    tenantId,
    rawBody,
    signature,
    options,
    checkStripe,
  );
}
