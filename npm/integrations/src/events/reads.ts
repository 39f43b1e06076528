// Events of reads: which of them are written.

import type { Vault } from '../backend/vault.js';
import { isFirstUntil } from '../first-until.js';
import { type Audit, auditOf } from './actor.js';

const HOUR_MS = 60 * 60_000;

/** What the event of a read of secrets says; `undefined` where this read writes none. */
export function auditRead(vault: Vault, tenantId: string, service: string): Audit | undefined {
  const { auditReads = 'off' } = vault.options;
  if (auditReads === 'off' || (auditReads === 'first' && !isFirst(vault, tenantId, service))) {
    return undefined;
  }
  return auditOf(vault, undefined);
}

/** Whether this process has not read it in this hour. */
function isFirst({ reads }: Vault, tenantId: string, service: string): boolean {
  const nextHour = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS;
  return isFirstUntil(reads, `${service}\n${tenantId}`, nextHour);
}
