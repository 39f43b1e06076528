// One question to a vendor about a stored credential: claimed, so that of two processes one asks, and what
// the answer says put into the credential's state.

import type { Vault } from '../backend/vault.js';
import type { TenantService, VerificationStatus } from '../types.js';
import { verifyTenantCredential } from '../verification/verification.js';
import { afterAnswer, type CheckState, neverChecked, verdictOf } from './check-state.js';
import {
  type ConnectedCredential,
  SCHEDULE_ACTOR,
  type Schedule,
  type StoredState,
  swapState,
} from './states.js';

/** A connected credential, and what is known of it. */
export interface CheckedCredential {
  tenantId: string;
  credential: ConnectedCredential;
  stored: StoredState<CheckState>;
}

/** What a vendor answered. */
export interface VendorVerdict {
  status: VerificationStatus;
  verdict: ReturnType<typeof verdictOf>;
  isRevoked: boolean;
  retryAfterMs: number | undefined;
}

export const DAY_MS = 24 * 60 * 60_000;
/** For how long a credential is one process's: longer than a vendor may take. */
const CLAIM_MS = 2 * 60_000;

/** What is known of a credential. */
export function storedCheck(
  { stateOf }: Schedule,
  service: TenantService,
): StoredState<CheckState> {
  return stateOf<CheckState>(stateName(service));
}

/** What is known of the key that is stored now. */
export function knownOf({ credential, stored }: CheckedCredential): CheckState | undefined {
  return stored.state?.revision === credential.revision ? stored.state : undefined;
}

/** Names a credential, for what is to differ between credentials and stay the same for one. */
export function seedOf({ tenantId, credential }: CheckedCredential): string {
  return `${tenantId}/${credential.service}`;
}

/** Whether the credential is this process's for a while. */
export async function claim(vault: Vault, checked: CheckedCredential): Promise<boolean> {
  const known = knownOf(checked) ?? neverChecked(checked.credential.revision);
  return swapCheck(vault, checked, 0, { ...known, claimedUntil: Date.now() + CLAIM_MS });
}

/** Asks the vendor about a credential that was claimed. */
export async function askVendor(
  vault: Vault,
  { tenantId, credential }: CheckedCredential,
): Promise<VendorVerdict> {
  const { status, revoked, retryAfterSeconds } = await verifyTenantCredential.call(
    vault,
    tenantId,
    credential.service,
    { actor: SCHEDULE_ACTOR },
  );
  return {
    status,
    verdict: verdictOf(status),
    isRevoked: revoked === true,
    retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000,
  };
}

/** Puts down what the vendor answered, and writes the event that belongs to it. */
export async function putDown(
  vault: Vault,
  checked: CheckedCredential,
  { status, verdict, isRevoked, retryAfterMs }: VendorVerdict,
  context: Pick<Parameters<typeof afterAnswer>[4], 'olderThanMs' | 'incidentSince' | 'isUnswept'>,
): Promise<CheckState> {
  const { credential, stored } = checked;
  const { state, event } = afterAnswer(stored.state, credential.revision, verdict, Date.now(), {
    ...context,
    seed: seedOf(checked),
    isRevoked,
    retryAfterMs,
  });
  const change = event && { event, service: credential.service, outcome: status };
  await swapCheck(vault, checked, 1, state, change);
  return state;
}

/** Puts a state in the place of the one that was read, or of one that this process put there since. */
export function swapCheck(
  vault: Vault,
  { tenantId, credential, stored }: CheckedCredential,
  since: number,
  state: CheckState,
  change?: Parameters<typeof swapState>[5],
): Promise<boolean> {
  const name = stateName(credential.service);
  return swapState(vault, tenantId, name, stored.version + since, state, change);
}

function stateName(service: TenantService): string {
  return `check:${service}`;
}
