// What happened to a tenant's credentials, as it was written with each change.

import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';
import type { Actor, Json } from '../types.js';

/** Something that happened to a tenant's credential. Has neither a secret nor ciphertext. */
export interface TenantCredentialEvent {
  /** `evt_<tenant>_<seq>`. */
  id: string;
  tenantId: string;
  /** The order of writing. Numbers may be missing, where a change was rolled back. */
  seq: number;
  occurredAt: Date;
  /** What happened. */
  event: TenantCredentialEventName;
  /** Id of the service. */
  service: string;
  /** Names of the input fields that were set, rewritten or read. */
  fields: string[];
  /** What came of it, such as `valid` or `unverified`. */
  outcome: string | null;
  /** The id of the encryption key that values were sealed under; `null` for a key that was not generated. */
  keyId: string | null;
  /** Who did it; `null` where the caller named nobody. */
  actor: Actor | null;
  /** What else belongs to it, such as `expiresAt`. */
  details: Record<string, unknown> | null;
  /** Its place in the chain, and the MAC there; `null` until it is sealed. */
  position: number | null;
  mac: string | null;
}

/** What can happen to a credential. */
export type TenantCredentialEventName =
  | 'credential.saved'
  | 'credential.disconnected'
  | 'credential.verified'
  | 'credential.rotated'
  | 'credential.read'
  | 'credential.suspect'
  | 'credential.failing'
  | 'credential.recovered'
  | 'credential.expiring'
  | 'credential.expired'
  | 'credential.rotation_due';

/** Options of `listTenantCredentialEvents`. */
export interface EventListOptions {
  /** Only events before this number: the `seq` of the last event of the page before. */
  before?: number | undefined;
  /** Events of a page, 1 to 1 000. Default 100. */
  limit?: number | undefined;
  /** Only those of one service. */
  service?: string | undefined;
}

/** What `verifyTenantCredentialEvents` found. */
export interface EventChainReport {
  /** Whether nothing is wrong with the chain, and every MAC could be checked. */
  intact: boolean;
  /** Events in the chain. */
  sealed: number;
  /** Events that are not in the chain yet: a removal of these would not be seen. */
  unsealed: number;
  /** Events that were sealed under a key that is not configured. */
  unverifiable: number;
  /** At most 100. */
  problems: { position: number; problem: 'missing' | 'changed' }[];
  /** The last place of the chain. Kept elsewhere, it shows later whether the end was cut off. */
  head: { position: number; mac: string } | null;
}

interface StoredEvent
  extends Omit<TenantCredentialEvent, 'id' | 'tenantId' | 'actor' | 'occurredAt'> {
  occurredAt: number;
  actorType: string | null;
  actorId: string | null;
  requestId: string | null;
  address: string | null;
}

const DEFAULT_PAGE_EVENTS = 100;
const MAX_PAGE_EVENTS = 1_000;

/**
 * The events of a tenant, the last one first. The next page is that `before` the `seq` of the last event
 * of this one.
 *
 * @returns the events; fewer than `limit` where there are no more
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `EVENTS_MISSING`, `INPUT_INVALID` for a wrong option,
 *   `DATABASE_…`
 */
export async function listTenantCredentialEvents(
  this: unknown,
  tenantId: string,
  options: EventListOptions = {},
): Promise<TenantCredentialEvent[]> {
  const { before, limit = DEFAULT_PAGE_EVENTS, service } = ownProperties(options);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_EVENTS) {
    throw integrationError('INPUT_INVALID', `limit must be 1 to ${MAX_PAGE_EVENTS}`);
  }
  return readEvents(vaultOf(this), tenantId, 'newest', before, limit, service);
}

/**
 * The events of a tenant as NDJSON, the first one first: one JSON object a line, for a SIEM.
 *
 * @param after only events after this number
 * @returns the lines, each with its line feed, read page by page
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `EVENTS_MISSING`, `DATABASE_…`, when it is iterated
 */
export async function* exportTenantCredentialEvents(
  this: unknown,
  tenantId: string,
  after = 0,
): AsyncGenerator<string, void, undefined> {
  const vault = vaultOf(this);
  let last = after;
  for (;;) {
    const events = await readEvents(vault, tenantId, 'oldest', last, MAX_PAGE_EVENTS);
    for (const event of events) {
      yield `${JSON.stringify(event)}\n`;
      last = event.seq;
    }
    if (events.length < MAX_PAGE_EVENTS) {
      return;
    }
  }
}

/**
 * Puts the events that are in no place yet into the tenant's chain: each is signed, with the one before,
 * under a key that comes from the encryption key. `deliverCredentialEvents` does so, too.
 *
 * @returns how many were sealed
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `EVENTS_MISSING`, `KEY_MISSING`, `KEY_INVALID` where the
 *   key was not generated, `DATABASE_…`
 */
export async function sealTenantCredentialEvents(this: unknown, tenantId: string): Promise<number> {
  const json = await callStore(vaultOf(this), 'sealEvents', tenantId);
  return parse(json as Json<{ sealed: number }>).sealed;
}

/**
 * Seals what is not sealed, and follows the tenant's chain from its beginning: an event that was
 * removed, changed or put in shows. That the last ones were removed shows against a head that was kept
 * elsewhere.
 *
 * @returns what was found
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `EVENTS_MISSING`, `KEY_MISSING`, `KEY_INVALID` where the
 *   key was not generated, `DATABASE_…`
 */
export async function verifyTenantCredentialEvents(
  this: unknown,
  tenantId: string,
  knownHead?: { position: number; mac: string } | null,
): Promise<EventChainReport> {
  const vault = vaultOf(this);
  await sealTenantCredentialEvents.call(vault, tenantId);
  const json = await callStore(vault, 'verifyEvents', tenantId);
  const report = parse(json as Json<Omit<EventChainReport, 'intact'>>);
  const { problems, unverifiable } = report;
  if (knownHead && !(await isInChain(vault, tenantId, knownHead))) {
    problems.push({ position: knownHead.position, problem: 'missing' });
  }
  return { intact: problems.length === 0 && unverifiable === 0, ...report };
}

async function isInChain(
  vault: Vault,
  tenantId: string,
  { position, mac }: { position: number; mac: string },
): Promise<boolean> {
  const [event] = await readEvents(vault, tenantId, 'sealed', position - 1, 1);
  return event?.position === position && event.mac === mac;
}

/** Events in an order, after the cursor. @internal */
export async function readEvents(
  vault: Vault,
  tenantId: string,
  order: 'newest' | 'oldest' | 'sealed',
  cursor: number | undefined,
  limit: number,
  service?: string,
): Promise<TenantCredentialEvent[]> {
  const json = await callStore(
    vault,
    'events',
    tenantId,
    order,
    cursor === undefined ? undefined : String(cursor),
    String(limit),
    service,
  );
  return parse(json as Json<StoredEvent[]>).map((stored) => toEvent(tenantId, stored));
}

function toEvent(tenantId: string, stored: StoredEvent): TenantCredentialEvent {
  const { actorType, actorId, requestId, address, occurredAt, ...event } = ownProperties(stored);
  const actor: Actor | null = actorType === null ? null : { type: actorType };
  const known = { id: actorId, requestId, address };
  for (const [name, value] of Object.entries(known)) {
    if (actor && value !== null) {
      actor[name as keyof typeof known] = value;
    }
  }
  const { seq, event: name, service, fields, outcome, keyId, details, position, mac } = event;
  return {
    id: `evt_${tenantId}_${seq}`,
    tenantId,
    seq,
    occurredAt: new Date(occurredAt),
    event: name,
    service,
    fields,
    outcome,
    keyId,
    actor,
    details,
    position,
    mac,
  };
}
