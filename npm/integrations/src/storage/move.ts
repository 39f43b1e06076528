import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { layoutProblem } from '../backend/layout.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import type { Layout } from '../types.js';
import { checkFleetOptions, type FleetOptions, failureOf, forEachTenant } from './fleet.js';
import { type MigrationFailure, requireOneDatabase } from './tenants.js';

/** Options of {@link moveTenants}. */
export interface MoveOptions extends FleetOptions {
  /** The layout that the tenants are moved to. */
  to: Layout;
}

/** What became of the tenants: each is in one of the lists. */
export interface MoveReport {
  /** Slugs of the tenants that were moved. */
  moved: string[];
  /** Slugs of those that were in the layout already. */
  unchanged: string[];
  failures: MigrationFailure[];
  /** Slugs of those that were not tried, because the work was stopped or the database stayed away. */
  remaining: string[];
}

/**
 * Moves tenants from one layout to the other: those that are named, or all that are not there yet. Each is copied,
 * compared and taken away from where it was in one transaction, so that whatever ends it, nothing is lost. It
 * may be stopped and run again at any time, and moved back.
 *
 * Calls of processes with the other `layout` find a tenant no more that was moved (`TENANT_NOT_FOUND`), and write
 * nothing to where it was.
 *
 * @returns the tenants, by what became of them; the code of one that cannot be moved as it is is `MOVE_REFUSED`
 * @throws `CONFIG_INVALID` for a wrong option, `DATABASE_…` where tenants cannot be listed
 */
export async function moveTenants(this: unknown, options: MoveOptions): Promise<MoveReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('moveTenants', options);
  const { to } = given;
  const problem = layoutProblem(to ?? '', undefined, ['to', '']);
  if (problem) {
    throw integrationError('CONFIG_INVALID', `moveTenants: ${problem}`);
  }
  const tenants = given.tenants ?? (await tenantsToMove(vault, to));
  const moved: string[] = [];
  const unchanged: string[] = [];
  const { failed, remaining } = await forEachTenant(tenants, given, async (tenantId) => {
    const isMoved = await callStore(vault, 'moveTenant', tenantId, to);
    (isMoved ? moved : unchanged).push(tenantId);
  });
  return { moved, unchanged, failures: failed.map(failureOf), remaining };
}

async function tenantsToMove(vault: Vault, to: Layout): Promise<string[]> {
  requireOneDatabase(vault);
  return parse(await callStore(vault, 'tenantsToMove', to));
}
