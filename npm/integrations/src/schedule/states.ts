// What scheduled work remembers of a tenant: states with a name, each put in the place of the one that was
// read, so that of two processes one goes on.

import { callStore, parse } from '../backend/core.js';
import type { Vault } from '../backend/vault.js';
import { auditOf } from '../events/actor.js';
import type { TenantCredentialEventName } from '../events/events.js';
import { readInput } from '../storage/input.js';
import type { Actor, Json, TenantService } from '../types.js';

/** A credential that is connected. */
export interface ConnectedCredential {
  service: TenantService;
  /** Milliseconds since 1970. */
  verifiedAt: number | null;
  createdAt: number;
  /** Whether its row says that the vendor refuses it. */
  isFailing: boolean;
  /** Changes with the key. */
  revision: string;
}

/** What the last save that changed the key of a credential said of it. */
export interface SavedCredential {
  service: TenantService;
  seq: number;
  savedAt: number;
  details: { expiresAt?: number; rotateAfterDays?: number };
}

/** A state as it was read; of version 0 if there is none. */
export interface StoredState<T> {
  version: number;
  state: T | undefined;
}

/** What scheduled work knows of a tenant. */
export interface Schedule {
  credentials: ConnectedCredential[];
  saved: SavedCredential[];
  stateOf<T>(name: string): StoredState<T>;
}

/** An event that is written with a state. */
export interface StateEvent {
  event: TenantCredentialEventName;
  service: string;
  outcome?: string | undefined;
  details?: object | undefined;
}

interface NamedState {
  name: string;
  version: number;
  state: unknown;
}

/** Who scheduled work is, in events. */
export const SCHEDULE_ACTOR: Actor = { type: 'schedule' };

/** Reads what is known of a tenant. */
export async function readSchedule(vault: Vault, tenantId: string): Promise<Schedule> {
  const json = await callStore(vault, 'schedule', tenantId);
  const { credentials, states } = parse(
    json as Json<{
      credentials: ConnectedCredential[];
      states: (NamedState | SavedCredential)[];
    }>,
  );
  const named = states.filter((state): state is NamedState => 'name' in state);
  return {
    credentials,
    saved: states.filter((state): state is SavedCredential => 'seq' in state),
    stateOf: <T>(name: string) => {
      const found = named.find((state) => state.name === name);
      return { version: found?.version ?? 0, state: found?.state as T | undefined };
    },
  };
}

/**
 * Puts a state in the place of the one of a version, and writes the event with it.
 *
 * @returns whether that one was still there
 */
export async function swapState(
  vault: Vault,
  tenantId: string,
  name: string,
  version: number,
  state: object,
  event?: StateEvent,
): Promise<boolean> {
  const { details, ...texts } = event ?? {};
  const audit = event && auditOf(vault, { actor: SCHEDULE_ACTOR }, details);
  return callStore(
    vault,
    'swapState',
    tenantId,
    name,
    String(version),
    JSON.stringify(state),
    audit && readInput({ ...audit, ...texts }),
  );
}
