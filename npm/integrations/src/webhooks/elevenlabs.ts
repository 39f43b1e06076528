import { vaultOf } from '../backend/default-vault.js';
import type { RawBody, SignatureHeader } from './request.js';
import { checkTimestamped } from './timestamped.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

/** Half an hour, as ElevenLabs' own SDK has it: it signs before it delivers and retries. */
const TOLERANCE_SECONDS = 30 * 60;

/** @internal */
export const checkElevenLabs: Check = (delivery) =>
  checkTimestamped(delivery, {
    header: 'elevenlabs-signature',
    signature: 'v0',
    toleranceSeconds: TOLERANCE_SECONDS,
  });

/**
 * Checks the `ElevenLabs-Signature` of a webhook with the tenant's stored secret. Never rejects.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantElevenLabsWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  signature: SignatureHeader,
  options?: WebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'elevenlabs',
    tenantId,
    rawBody,
    signature,
    options,
    checkElevenLabs,
  );
}
