// Events of reads: which of them are written.

import type { Vault } from '../backend/vault.js';
import { type Audit, auditOf } from './actor.js';

const HOUR_MS = 60 * 60_000;
/** Reads of this hour that are remembered; beyond, one may be written twice. */
const MAX_READS_ENTRIES = 10_000;

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
  const hour = Math.floor(Date.now() / HOUR_MS);
  const key = `${service}\n${tenantId}`;
  if (reads.get(key) === hour) {
    return false;
  }
  if (reads.size >= MAX_READS_ENTRIES) {
    reads.clear();
  }
  reads.set(key, hour);
  return true;
}
