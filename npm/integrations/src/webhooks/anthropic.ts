import { vaultOf } from '../backend/default-vault.js';
import type { RawBody, WebhookHeaders } from './request.js';
import { checkStandardWebhook } from './standard-webhooks.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

/** @internal */
export const checkAnthropic: Check = (delivery) => checkStandardWebhook(delivery, 'Anthropic');

/**
 * Checks the `webhook-signature` of a webhook with the tenant's stored secret. Never rejects.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantAnthropicWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  headers: WebhookHeaders,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'anthropic',
    tenantId,
    rawBody,
    headers,
    options,
    checkAnthropic,
  );
}
