import { vaultOf } from '../backend/default-vault.js';
import { isEqual, sha256, toHex, utf8 } from './bytes.js';
import { refusal, signatureMissing } from './refusal.js';
import type { RawBody, SignatureHeader } from './request.js';
import {
  type Check,
  verifyDelivery,
  type WebhookOptions,
  type WebhookVerification,
} from './verification.js';

export interface AssemblyAIWebhookOptions extends WebhookOptions {
  /** The `webhook_auth_header_name` of the transcription. Default `X-Webhook-Secret`. */
  headerName?: string | undefined;
}

const DEFAULT_HEADER = 'x-webhook-secret';

/** A header of the caller's choice, which AssemblyAI sends along unchanged. @internal */
export const checkAssemblyAI: Check<AssemblyAIWebhookOptions> = async (delivery) => {
  const header = (delivery.options.headerName ?? DEFAULT_HEADER).toLowerCase();
  const given = delivery.header(header);
  if (given === '') {
    throw signatureMissing(header);
  }
  // Hashes have one length, so that the comparison does not show that of the secret.
  const [expected, found] = await Promise.all(
    [await delivery.secret(), given].map(async (text) => toHex(await sha256(utf8(text)))),
  );
  if (!isEqual(expected as string, found as string)) {
    throw refusal(
      'SIGNATURE_INVALID',
      'The header is not the webhook secret: give the stored one as webhook_auth_header_value',
    );
  }
  return {};
};

/**
 * Compares the header that a transcription was given (`webhook_auth_header_name` and `…_value`) with
 * the tenant's stored secret. Never rejects.
 *
 * AssemblyAI signs nothing: anybody who knows the header can send any body. Take the transcript's id from
 * it and ask AssemblyAI for the rest.
 *
 * @returns the event, or `code` and `error` of what is wrong
 */
export async function verifyTenantAssemblyAIWebhook(
  this: unknown,
  tenantId: string,
  rawBody: RawBody,
  header: SignatureHeader,
  options?: AssemblyAIWebhookOptions,
): Promise<WebhookVerification> {
  return verifyDelivery(
    vaultOf(this),
    'assemblyai',
    tenantId,
    rawBody,
    header,
    options,
    checkAssemblyAI,
  );
}
