// What is known of a credential by asking its vendor, and when it is asked next. No I/O.

import type { TenantCredentialEventName } from '../events/events.js';
import type { VerificationStatus } from '../types.js';

/** What is known of a credential. Times are milliseconds since 1970. */
export interface CheckState {
  /** `suspect` after one refusal, `failing` after a second one at least a minute later, or where it was revoked. */
  status: 'unknown' | 'valid' | 'suspect' | 'failing';
  /** Of the key that was asked about. */
  revision: string;
  /** When the vendor last said something of the credential. */
  checkedAt: number;
  /** When it is asked next, at the earliest. */
  nextAt: number;
  /** The first refusal since it was last accepted. */
  refusedAt?: number | undefined;
  /** Refusals since then. */
  refusals: number;
  /** Whether only a client noticed the refusal, which counts for its vendor once a sweep finds it, too. */
  isUnswept?: boolean | undefined;
  /** Since when the vendor refuses so many that it is the vendor. */
  incidentSince?: number | undefined;
  /** Until when a process has it. */
  claimedUntil?: number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Between two refusals that count as two. */
export const CONFIRM_AFTER_MS = MINUTE_MS;
/** Between two questions to a vendor that refuses many. */
const INCIDENT_RETRY_MS = 5 * MINUTE_MS;
/** Until a credential that fails is asked about again; the last one repeats. */
const FAILING_RETRY_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS];
/** Until a vendor that said nothing is asked again. */
const INCONCLUSIVE_RETRY_MS = 5 * MINUTE_MS;
/** The part of its age by which a credential is asked about later, by chance of its name. */
const JITTER = 0.1;

/** What an answer says of the credential; nothing where the vendor was not reached or asks to wait. */
export function verdictOf(status: VerificationStatus): 'accepted' | 'refused' | 'inconclusive' {
  switch (status) {
    case 'valid':
    case 'under_scoped':
      return 'accepted';
    case 'invalid':
    case 'restricted':
      return 'refused';
    default:
      return 'inconclusive';
  }
}

/** The state after an answer, and the event that says so, if it is another one. */
export function afterAnswer(
  before: CheckState | undefined,
  revision: string,
  verdict: 'accepted' | 'refused' | 'inconclusive',
  now: number,
  {
    olderThanMs,
    seed,
    incidentSince,
    isRevoked = false,
    isUnswept,
    retryAfterMs,
  }: {
    olderThanMs: number;
    /** Names the credential. */
    seed: string;
    incidentSince?: number | undefined;
    /** Whether the vendor says in so many words that it was revoked: one refusal is enough then. */
    isRevoked?: boolean | undefined;
    isUnswept?: boolean | undefined;
    retryAfterMs?: number | undefined;
  },
): { state: CheckState; event?: TenantCredentialEventName } {
  const former = before?.revision === revision ? before : neverChecked(revision);
  if (verdict === 'inconclusive') {
    const nextAt = now + (retryAfterMs ?? INCONCLUSIVE_RETRY_MS);
    return { state: { ...former, nextAt, claimedUntil: undefined } };
  }
  if (verdict === 'accepted') {
    const nextAt = now + olderThanMs * (1 + JITTER * fractionOf(seed));
    const state: CheckState = { status: 'valid', revision, checkedAt: now, nextAt, refusals: 0 };
    return former.status === 'failing' ? { state, event: 'credential.recovered' } : { state };
  }
  const refusedAt = former.refusedAt ?? now;
  const refusals = former.refusals + 1;
  const seen = { revision, checkedAt: now, refusedAt, refusals };
  const isConfirmed = isRevoked || now - refusedAt >= CONFIRM_AFTER_MS;
  if (former.status !== 'failing' && (incidentSince !== undefined || !isConfirmed)) {
    const nextAt =
      incidentSince === undefined ? refusedAt + CONFIRM_AFTER_MS : now + INCIDENT_RETRY_MS;
    const state: CheckState = { ...seen, status: 'suspect', nextAt, incidentSince, isUnswept };
    return former.status === 'suspect' ? { state } : { state, event: 'credential.suspect' };
  }
  // The first two refusals are those that made it fail.
  const retry = FAILING_RETRY_MS[Math.max(0, refusals - 2)] ?? FAILING_RETRY_MS.at(-1);
  const state: CheckState = { ...seen, status: 'failing', nextAt: now + (retry as number) };
  return former.status === 'failing' ? { state } : { state, event: 'credential.failing' };
}

/** What is known of a key that no vendor was asked about. */
export function neverChecked(revision: string): CheckState {
  return { status: 'unknown', revision, checkedAt: 0, nextAt: 0, refusals: 0 };
}

/** When a credential that was never asked about by scheduled work is due: by the age of its verification. */
export function dueWithoutState(
  verifiedAt: number | null,
  olderThanMs: number,
  seed: string,
): number {
  return verifiedAt === null ? 0 : verifiedAt + olderThanMs * (1 + JITTER * fractionOf(seed));
}

/** A number from 0 to 1 that is always the same for a text (FNV-1a). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0) / 0xffffffff;
}
