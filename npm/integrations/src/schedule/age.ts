// The events of a key's age: each once for every save of the key.

import type { Vault } from '../backend/vault.js';
import type { TenantCredentialEventName } from '../events/events.js';
import { type SavedCredential, type Schedule, swapState } from './states.js';

/** What was said of a key. */
interface AgeState {
  /** The number of the event of the save that it belongs to. */
  seq: number;
  said: string[];
}

interface AgeEvent {
  /** Says it once. */
  key: string;
  event: TenantCredentialEventName;
  details: object;
}

const DAY_MS = 24 * 60 * 60_000;
/** Days before its end that a key is said to be expiring, the last one first. */
const EXPIRING_DAYS = [1, 7, 30];

/** Writes the events that are due of the keys that are connected. */
export async function tellAge(
  vault: Vault,
  tenantId: string,
  { credentials, saved, stateOf }: Schedule,
  now: number,
): Promise<void> {
  for (const save of saved) {
    const { service, seq } = save;
    if (!credentials.some((credential) => credential.service === service)) {
      continue;
    }
    const name = `age:${service}`;
    let { version, state } = stateOf<AgeState>(name);
    for (const { key, event, details } of dueOf(save, now)) {
      const said = state?.seq === seq ? state.said : [];
      if (said.includes(key)) {
        continue;
      }
      state = { seq, said: [...said, key] };
      if (!(await swapState(vault, tenantId, name, version, state, { event, service, details }))) {
        // Another process says it.
        return;
      }
      version += 1;
    }
  }
}

/** What is due of a key: of what was missed while nobody looked, the last. */
export function dueOf({ savedAt, details }: SavedCredential, now: number): AgeEvent[] {
  const { expiresAt, rotateAfterDays } = details;
  const due: AgeEvent[] = [];
  if (expiresAt !== undefined && now >= expiresAt) {
    due.push({ key: 'expired', event: 'credential.expired', details: { expiresAt } });
  } else if (expiresAt !== undefined) {
    const days = EXPIRING_DAYS.find((days) => now >= expiresAt - days * DAY_MS);
    if (days !== undefined) {
      due.push({
        key: `expiring:${days}`,
        event: 'credential.expiring',
        details: { expiresAt, days },
      });
    }
  }
  if (rotateAfterDays !== undefined && now >= savedAt + rotateAfterDays * DAY_MS) {
    due.push({ key: 'rotation', event: 'credential.rotation_due', details: { rotateAfterDays } });
  }
  return due;
}
