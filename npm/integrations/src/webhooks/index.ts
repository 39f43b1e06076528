// Webhooks of every vendor that signs them, one file for each service.

import { vaultOf } from '../backend/default-vault.js';
import { checkAnthropic } from './anthropic.js';
import { type AssemblyAIWebhookOptions, checkAssemblyAI } from './assemblyai.js';
import { checkEasyPost } from './easypost.js';
import { checkElevenLabs } from './elevenlabs.js';
import { checkMux } from './mux.js';
import { checkOpenAI } from './openai.js';
import type { RawBody, WebhookHeaders } from './request.js';
import { checkResend } from './resend.js';
import { checkStripe } from './stripe.js';
import { checkTwilio } from './twilio.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';
import { checkWise, type WiseWebhookOptions } from './wise.js';

export { verifyTenantAnthropicWebhook } from './anthropic.js';
export { type AssemblyAIWebhookOptions, verifyTenantAssemblyAIWebhook } from './assemblyai.js';
export { verifyTenantEasyPostWebhook } from './easypost.js';
export { verifyTenantElevenLabsWebhook } from './elevenlabs.js';
export { verifyTenantMuxWebhook } from './mux.js';
export { verifyTenantOpenAIWebhook } from './openai.js';
export type { RawBody, SignatureHeader, WebhookHeaders } from './request.js';
export { verifyTenantResendWebhook } from './resend.js';
export { verifyTenantStripeWebhook } from './stripe.js';
export { type TwilioWebhookOptions, verifyTenantTwilioWebhook } from './twilio.js';
export type { WebhookOptions, WebhookVerification } from './verification.js';
export { verifyTenantWiseWebhook, type WiseWebhookOptions } from './wise.js';

const CHECKS = {
  stripe: checkStripe,
  wise: checkWise,
  resend: checkResend,
  mux: checkMux,
  assemblyai: checkAssemblyAI,
  anthropic: checkAnthropic,
  openai: checkOpenAI,
  elevenlabs: checkElevenLabs,
  twilio: checkTwilio,
  easypost: checkEasyPost,
};

/** A service whose webhooks can be verified. */
export type WebhookService = keyof typeof CHECKS;

/** A request that claims to come from a vendor. */
export interface WebhookRequest {
  rawBody: RawBody;
  headers: WebhookHeaders;
  /** The whole URL that the vendor asked for. Twilio signs it. */
  url?: string | undefined;
}

/** The options of all services; each reads its own. */
export interface AnyWebhookOptions
  extends WebhookOptions,
    Pick<WiseWebhookOptions, 'profileId'>,
    Pick<AssemblyAIWebhookOptions, 'headerName'> {}

/**
 * Checks a webhook of any service, for one address that serves them all. Never rejects.
 *
 * Answers `INPUT_INVALID` for a service that sends no webhooks.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantWebhook(
  this: unknown,
  tenantId: string,
  service: WebhookService,
  request: WebhookRequest,
  options?: AnyWebhookOptions,
): Promise<WebhookVerification> {
  if (!Object.hasOwn(CHECKS, service)) {
    const error = `service must be one of ${Object.keys(CHECKS).join(', ')}`;
    return { valid: false, code: 'INPUT_INVALID', error };
  }
  const { rawBody, headers, url }: Partial<WebhookRequest> = request ?? {};
  const check = CHECKS[service] as Check<AnyWebhookOptions & { url: string | undefined }>;
  return verifyDelivery(
    vaultOf(this),
    service,
    tenantId,
    rawBody as RawBody,
    headers,
    { ...options, url },
    check,
  );
}
