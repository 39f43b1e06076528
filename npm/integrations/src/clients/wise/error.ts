import { type IntegrationError, integrationError } from '../../errors.js';
import type { VendorCode } from '../vendor-codes.js';

/** One thing that Wise says is wrong. */
export interface WiseErrorDetail {
  code?: string;
  message?: string;
  path?: string;
  arguments?: unknown;
}

/** What a call of a Wise client rejects with. */
export interface WiseError extends IntegrationError {
  code: VendorCode | 'WISE_SCA_REQUIRED' | 'WISE_REQUEST_REFUSED' | 'WISE_FUNDING_REJECTED';
  /** HTTP status; none where there was no answer. */
  status?: number;
  /** Wise's own name of what is wrong, such as `transfer.invalid-state` or `invalid_token`. */
  errorCode?: string;
  /** What Wise says is wrong with a refused request. Not in the message: it may quote bank details. */
  errors: WiseErrorDetail[];
  /**
   * With `WISE_SCA_REQUIRED`: the one-time token that has to be approved and sent with the same call
   * again, as `x-2fa-approval`. Prints of the error do not show it.
   */
  approvalToken?: string;
}

const MESSAGES: Record<WiseError['code'], string> = {
  CREDENTIAL_INVALID: 'Wise does not accept the API token',
  PERMISSION_MISSING: 'The Wise API token is not allowed to make this call',
  WISE_SCA_REQUIRED:
    'Wise wants the call approved (strong customer authentication): make it again with the headers x-2fa-approval (the approvalToken property) and X-Signature. Personal tokens of EU and UK accounts cannot fund transfers',
  WISE_REQUEST_REFUSED: 'Wise refused the request: see the errors property',
  WISE_FUNDING_REJECTED: 'Wise did not pay for the transfer: see the errorCode property',
  VENDOR_RATE_LIMITED: 'Wise limits the number of requests: try again later',
  VENDOR_ERROR: 'Wise returned a server error: try again later',
  VENDOR_TIMEOUT: 'Wise did not answer in time',
  VENDOR_UNREACHABLE: 'Wise could not be reached',
  VENDOR_ANSWER_UNEXPECTED: 'Wise returned an unexpected response',
};

/** @internal */
export function wiseError(
  code: WiseError['code'],
  details: Partial<Pick<WiseError, 'status' | 'errorCode' | 'errors' | 'approvalToken'>> = {},
): WiseError {
  const { approvalToken, ...shown } = details;
  const error = Object.assign(integrationError(code, MESSAGES[code]), { errors: [], ...shown });
  if (approvalToken !== undefined) {
    Object.defineProperty(error, 'approvalToken', { value: approvalToken, enumerable: false });
  }
  return error as WiseError;
}

/**
 * What Wise says is wrong. It has two forms (docs.wise.com, "Error handling"): a list, `errors`, and
 * names with values, `error` and `error_description`, of which newer services have variants.
 *
 * @internal
 */
export function readErrors(body: unknown): Pick<WiseError, 'errorCode' | 'errors'> {
  const members = isObject(body) ? body : {};
  const listed: unknown[] = Array.isArray(members.errors) ? members.errors : [];
  const details = (listed.length > 0 ? listed : [members]).filter(isObject).map(readDetail);
  const errors = details.filter((detail) => Object.keys(detail).length > 0);
  const errorCode = readDetail(members).code ?? errors[0]?.code;
  return { errors, ...(errorCode !== undefined && { errorCode }) };
}

function readDetail(source: Record<string, unknown>): WiseErrorDetail {
  const detail = {
    code: firstText(source.errorCode, source.code, source.error),
    message: firstText(source.errorMessage, source.error_description, source.message),
    path: firstText(source.path),
    arguments: source.arguments ?? undefined,
  };
  return Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined));
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
