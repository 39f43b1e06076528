// What commands that work on many tenants say at the end, on stderr.

import type { MigrationFailure } from '../storage/tenants.js';

/** Names each tenant that failed, with what is wrong. */
export function printFailures(failures: readonly MigrationFailure[]): void {
  for (const { tenantId, code, message } of failures) {
    console.error(`${tenantId}: ${message} [${code}]`);
  }
}

/** Says that the work was stopped before its end, if it was. */
export function printRemaining({ length }: readonly string[]): void {
  if (length > 0) {
    console.error(`${length} tenants remain: run it again to go on.`);
  }
}
