// Incidents of vendors, told by one of the processes that notice them.

import type { Vault } from '../backend/vault.js';
import { readSchedule, swapState } from './states.js';
import { INCIDENT_WINDOW_MS, type VendorIncident } from './vendors.js';

/** What is known of the incidents of a vendor. Times are milliseconds since 1970. */
interface IncidentState {
  since: number;
  isOver: boolean;
}

/**
 * Records an incident, or its end, with a tenant that all processes agree on.
 *
 * @returns whether this process is to tell of it, because no other one recorded it before
 * @throws what reading and writing states rejects with
 */
export async function recordIncident(
  vault: Vault,
  tenantId: string,
  { event, service, since }: VendorIncident,
): Promise<boolean> {
  const name = `incident:${service}`;
  const { stateOf } = await readSchedule(vault, tenantId);
  const { version, state } = stateOf<IncidentState>(name);
  const isOver = event === 'vendor.recovered';
  if (state && isSame(state, since.getTime()) && state.isOver === isOver) {
    return false;
  }
  const after: IncidentState = { since: since.getTime(), isOver };
  return swapState(vault, tenantId, name, version, after);
}

/** Processes notice an incident one after the other, within the time that they count refusals of. */
function isSame(state: IncidentState, since: number): boolean {
  return Math.abs(state.since - since) < INCIDENT_WINDOW_MS;
}
