import { errorWithCode, type IntegrationError } from '../errors.js';

/** What a call of a Wise client rejects with. */
export interface WiseError extends IntegrationError {
  code:
    | 'CREDENTIAL_INVALID'
    | 'PERMISSION_MISSING'
    | 'WISE_REQUEST_REFUSED'
    | 'VENDOR_RATE_LIMITED'
    | 'VENDOR_ERROR'
    | 'VENDOR_TIMEOUT'
    | 'VENDOR_UNREACHABLE'
    | 'VENDOR_ANSWER_UNEXPECTED';
  /** HTTP status; none where there was no answer. */
  status?: number;
  /** What Wise says is wrong with a refused request. Not in the message: it may quote bank details. */
  errors: { code?: string; message?: string; path?: string }[];
}

const MESSAGES: Record<WiseError['code'], string> = {
  CREDENTIAL_INVALID: 'Wise does not accept the API token',
  PERMISSION_MISSING: 'The Wise API token is not allowed to make this call',
  WISE_REQUEST_REFUSED: 'Wise refused the request: see the errors property',
  VENDOR_RATE_LIMITED: 'Wise limits the number of requests: try again later',
  VENDOR_ERROR: 'Wise has a problem of its own: try again later',
  VENDOR_TIMEOUT: 'Wise did not answer in time',
  VENDOR_UNREACHABLE: 'Wise could not be reached',
  VENDOR_ANSWER_UNEXPECTED: 'Wise gave an answer that is not JSON',
};

export function wiseError(
  code: WiseError['code'],
  details: Partial<Pick<WiseError, 'status' | 'errors'>> = {},
): WiseError {
  return Object.assign(errorWithCode(code, MESSAGES[code]), {
    errors: [],
    ...details,
  }) as WiseError;
}
