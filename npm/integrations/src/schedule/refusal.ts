// A vendor that refused a credential in the midst of work: asked about it once more, and the answer put down
// as that of scheduled verification.

import { vaultOf } from '../backend/default-vault.js';
import { integrationError } from '../errors.js';
import { writesEvents } from '../events/actor.js';
import type { TenantService } from '../types.js';
import {
  askVendor,
  type CheckedCredential,
  claim,
  DAY_MS,
  knownOf,
  putDown,
  storedCheck,
} from './check.js';
import { CONFIRM_AFTER_MS } from './check-state.js';
import { readSchedule } from './states.js';

/**
 * Has a credential checked that its vendor refused, as the clients do with `onVendorRefusal`: for calls that
 * are made without them. The vendor is not asked if it was within a minute, if another process asks, or if it
 * is known to refuse: then scheduled verification asks when it is due. Only that can say whether so many
 * are refused that it is the vendor, so a second refusal is for it to find.
 *
 * @throws `CONFIG_INVALID` where events are off, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `EVENTS_MISSING`,
 *   `DATABASE_…`
 */
export async function reportVendorRefusal(
  this: unknown,
  tenantId: string,
  service: TenantService,
): Promise<void> {
  const vault = vaultOf(this);
  if (!writesEvents(vault)) {
    throw integrationError('CONFIG_INVALID', 'reportVendorRefusal needs events: true');
  }
  const schedule = await readSchedule(vault, tenantId);
  const credential = schedule.credentials.find((connected) => connected.service === service);
  if (!credential) {
    return;
  }
  const checked = { tenantId, credential, stored: storedCheck(schedule, service) };
  if (isNews(checked, Date.now()) && (await claim(vault, checked))) {
    const answer = await askVendor(vault, checked);
    await putDown(vault, checked, answer, { olderThanMs: DAY_MS, isUnswept: true });
  }
}

function isNews(checked: CheckedCredential, now: number): boolean {
  const { status = 'unknown', checkedAt = 0, claimedUntil = 0 } = knownOf(checked) ?? {};
  return (
    ['unknown', 'valid'].includes(status) &&
    now - checkedAt >= CONFIRM_AFTER_MS &&
    claimedUntil <= now
  );
}
