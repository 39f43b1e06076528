// Asking vendors about stored credentials on a schedule, so that a revoked key is noticed before a payment
// fails.

import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { writesEvents } from '../events/actor.js';
import { checkFleetOptions, type FleetOptions, forEachTenant } from '../storage/fleet.js';
import { listTenants } from '../storage/tenants.js';
import { tellAge } from './age.js';
import {
  askVendor,
  type CheckedCredential,
  claim,
  DAY_MS,
  knownOf,
  putDown,
  seedOf,
  storedCheck,
  swapCheck,
} from './check.js';
import { type CheckState, dueWithoutState } from './check-state.js';
import { recordIncident } from './incidents.js';
import { readSchedule } from './states.js';
import { Vendor, type VendorIncident } from './vendors.js';

/** Options of `verifyDueCredentials`. */
export interface VerifyDueOptions extends FleetOptions {
  /** Milliseconds after which a credential that works is asked about again. Default: one day. */
  olderThanMs?: number | undefined;
  /** Requests to one vendor in a second, by this process. Default 2. */
  maxPerVendorPerSecond?: number | undefined;
  /**
   * Called once where a vendor begins to refuse so many credentials that it is the vendor, and once where
   * that is over, by one of the processes that look at the same tenants: the one page to send. Tenants get
   * no event meanwhile.
   */
  onIncident?: ((incident: VendorIncident) => void | Promise<void>) | undefined;
}

/** What a sweep found. */
export interface VerifyDueReport {
  /** Tenants that were looked at. */
  tenants: number;
  /** Credentials that were due, and what became of them. */
  due: number;
  accepted: number;
  refused: number;
  /** The vendor did not answer, or asked to wait: it says nothing of the credential. */
  inconclusive: number;
  /** Left for the next sweep: another process has it, the vendor asks to wait, or the work was stopped. */
  left: number;
  incidents: VendorIncident[];
  failures: { tenantId: string; code: string }[];
}

/** A credential whose state says that its vendor is what is wrong. */
interface HeldCredential {
  checked: CheckedCredential;
  /** The state, and how often this sweep wrote it. */
  state: CheckState;
  since: number;
}

interface Sweep {
  vault: Vault;
  /** The tenant with whose states incidents are recorded: the same one in every process. */
  recorder: string;
  vendors: Map<string, Vendor>;
  held: HeldCredential[];
  report: VerifyDueReport;
  olderThanMs: number;
  perSecond: number;
  signal: AbortSignal | undefined;
  onIncident: VerifyDueOptions['onIncident'];
}

const DEFAULT_PER_SECOND = 2;

/**
 * Asks the vendors about the credentials that are due: those that were not asked about for
 * `olderThanMs`, spread by a tenth of it, and those that were refused, after a minute, then one, six and
 * 24 hours, then weekly. Several processes may sweep at once; none verifies what another one has.
 *
 * A credential that is refused once becomes `suspect`, and `failing` with a second refusal a minute later
 * or more, or at once where the vendor says that it was revoked; `credential.failing` and `credential.recovered` are written once each. A vendor that cannot be
 * reached or asks to wait counts against no credential. Writes also the events of the age of keys.
 *
 * @returns the counts
 * @throws `CONFIG_INVALID` where events are off or an option is wrong, and what listing the tenants rejects with
 */
export async function verifyDueCredentials(
  this: unknown,
  options: VerifyDueOptions = {},
): Promise<VerifyDueReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('verifyDueCredentials', options, [
    'olderThanMs',
    'maxPerVendorPerSecond',
  ]);
  if (!writesEvents(vault)) {
    throw integrationError('CONFIG_INVALID', 'verifyDueCredentials needs events: true');
  }
  const tenants = given.tenants ?? (await listTenants.call(vault));
  const [recorder = ''] = [...tenants].sort();
  const sweep: Sweep = {
    vault,
    recorder,
    vendors: new Map(),
    held: [],
    report: {
      tenants: 0,
      due: 0,
      accepted: 0,
      refused: 0,
      inconclusive: 0,
      left: 0,
      incidents: [],
      failures: [],
    },
    olderThanMs: given.olderThanMs ?? DAY_MS,
    perSecond: given.maxPerVendorPerSecond ?? DEFAULT_PER_SECOND,
    signal: given.signal,
    onIncident: given.onIncident,
  };
  const { report } = sweep;
  const due: CheckedCredential[] = [];
  // In another order each time, so that a time limit starves nobody.
  const { done, failed } = await forEachTenant(shuffled(tenants), given, async (tenantId) => {
    due.push(...(await findDue(sweep, tenantId)));
  });
  report.tenants = done;
  report.due = due.length;
  report.failures.push(...failed.map(({ tenantId, error }) => ({ tenantId, code: error.code })));
  // Each waits for a turn of its vendor: one that is slow holds no other up.
  await Promise.all(due.map((credential) => ask(sweep, credential)));
  await release(sweep);
  return report;
}

/** Lets the credentials of vendors that are back be asked about again, as those of others. */
async function release(sweep: Sweep): Promise<void> {
  const { vault, held } = sweep;
  for (const { checked, state, since } of held) {
    if (vendorOf(sweep, checked.credential.service).isBackAgain) {
      const released = { ...state, incidentSince: undefined, nextAt: 0 };
      await swapCheck(vault, checked, since, released);
    }
  }
}

/** What is due of a tenant; what is known of its credentials is counted for their vendors. */
async function findDue(sweep: Sweep, tenantId: string): Promise<CheckedCredential[]> {
  const { vault, olderThanMs } = sweep;
  const schedule = await readSchedule(vault, tenantId);
  const now = Date.now();
  await tellAge(vault, tenantId, schedule, now);
  return schedule.credentials.flatMap((credential) => {
    const { service, verifiedAt, isFailing } = credential;
    const checked = { tenantId, credential, stored: storedCheck(schedule, service) };
    const state = knownOf(checked);
    if (state) {
      vendorOf(sweep, service).knows(state.checkedAt, state.refusedAt, state.incidentSince);
    }
    // A verification that somebody asked for was refused: a second one says whether it is so.
    const isNews =
      isFailing && (state?.status ?? 'unknown') !== 'suspect' && state?.status !== 'failing';
    const nextAt = state?.nextAt ?? dueWithoutState(verifiedAt, olderThanMs, seedOf(checked));
    const isClaimed = (checked.stored.state?.claimedUntil ?? 0) > now;
    if (!isClaimed && (isNews || nextAt <= now)) {
      return [checked];
    }
    if (!isClaimed && state?.incidentSince !== undefined) {
      sweep.held.push({ checked, state, since: 0 });
    }
    return [];
  });
}

async function ask(sweep: Sweep, checked: CheckedCredential): Promise<void> {
  const { vault, report, olderThanMs, signal } = sweep;
  const vendor = vendorOf(sweep, checked.credential.service);
  try {
    if (!(await vendor.turn(signal)) || !(await claim(vault, checked))) {
      report.left += 1;
      return;
    }
    const answer = await askVendor(vault, checked);
    const { status, verdict, retryAfterMs } = answer;
    report[verdict] += 1;
    if (status === 'rate_limited') {
      vendor.wait(retryAfterMs ?? 0);
    }
    if (verdict !== 'inconclusive') {
      const incident = vendor.answered(verdict === 'refused' ? kindOf(checked) : verdict);
      if (incident) {
        await tell(sweep, incident);
      }
    }
    const { incidentSince } = vendor;
    const state = await putDown(vault, checked, answer, { olderThanMs, incidentSince });
    if (state.incidentSince !== undefined) {
      sweep.held.push({ checked, state, since: 2 });
    }
  } catch (error) {
    report.failures.push({ tenantId: checked.tenantId, code: codeOf(error) });
  }
}

/** What a refusal is for its vendor. */
function kindOf(checked: CheckedCredential): 'turned' | 'confirmed' | 'refused' {
  const { refusedAt, isUnswept } = knownOf(checked) ?? {};
  if (refusedAt === undefined) {
    return 'turned';
  }
  return isUnswept ? 'confirmed' : 'refused';
}

/** Calls for an incident unless another process has; where nobody can know, twice is better than never. */
async function tell(sweep: Sweep, incident: VendorIncident): Promise<void> {
  const { vault, recorder, report } = sweep;
  if (await recordIncident(vault, recorder, incident).catch(() => true)) {
    report.incidents.push(incident);
    await sweep.onIncident?.(incident);
  }
}

function vendorOf({ vendors, perSecond }: Sweep, service: string): Vendor {
  const vendor = vendors.get(service) ?? new Vendor(service, perSecond);
  vendors.set(service, vendor);
  return vendor;
}

function codeOf(error: unknown): string {
  return isIntegrationError(error) ? error.code : 'INTERNAL';
}

function shuffled<T>(values: readonly T[]): T[] {
  const rest = [...values];
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [rest[last], rest[other]] = [rest[other] as T, rest[last] as T];
  }
  return rest;
}
