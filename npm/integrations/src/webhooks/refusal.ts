import { type IntegrationError, integrationError } from '../errors.js';
import type { IntegrationErrorCode } from '../types.js';

/** What is thrown where a webhook is refused. */
export function refusal(code: IntegrationErrorCode, message: string): IntegrationError {
  return integrationError(code, message);
}

export function signatureMissing(header: string): IntegrationError {
  return refusal('SIGNATURE_MISSING', `The request has no usable ${header} header`);
}

export function signatureInvalid(): IntegrationError {
  return refusal(
    'SIGNATURE_INVALID',
    'The signature does not fit the body and the webhook secret: pass the body as it came, and compare the secret with the one that the vendor shows',
  );
}

export function keyInvalid(name: string, expected: string): IntegrationError {
  return refusal(
    'WEBHOOK_KEY_INVALID',
    `The stored webhook secret of ${name} is not ${expected}: save it again`,
  );
}
