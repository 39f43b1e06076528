// What went wrong with a call to a vendor, in the codes that all vendors share.

import type { VendorResponse } from './vendor-request.js';

/** Codes of errors, whichever vendor was called. */
export type VendorCode =
  | 'CREDENTIAL_INVALID'
  | 'PERMISSION_MISSING'
  | 'VENDOR_RATE_LIMITED'
  | 'VENDOR_ERROR'
  | 'VENDOR_TIMEOUT'
  | 'VENDOR_UNREACHABLE'
  | 'VENDOR_ANSWER_UNEXPECTED';

/** Of a call that got no answer. @internal */
export function codeOfFailure(failure: NonNullable<VendorResponse['failure']>) {
  return failure === 'timeout' ? 'VENDOR_TIMEOUT' : 'VENDOR_UNREACHABLE';
}

/** Of the status of an answer that is no success; `refused` is for what is wrong with the request. @internal */
export function codeOfStatus<Refused extends string>(
  status: number,
  refused: Refused,
): VendorCode | Refused {
  switch (status) {
    case 401:
      return 'CREDENTIAL_INVALID';
    case 403:
      return 'PERMISSION_MISSING';
    case 429:
      return 'VENDOR_RATE_LIMITED';
    default:
      if (status >= 500) {
        return 'VENDOR_ERROR';
      }
      return status >= 400 ? refused : 'VENDOR_ANSWER_UNEXPECTED';
  }
}
