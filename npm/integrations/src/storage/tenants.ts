import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { tablesOf } from '../backend/layout.js';
import { hasPlacement } from '../backend/placement.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import type { IntegrationErrorCode } from '../generated/types.js';
import { checkFleetOptions, type FleetOptions, failureOf, forEachTenant } from './fleet.js';

/**
 * Makes the schema `tenant_<slug>` and the credential tables, unless they exist. For demos and
 * tests; in production the platform makes schemas. Where Citus is set to distribute new schemas, it
 * distributes this one once its tables are made. With `layout: 'shared'`, makes the tenant known to the
 * tables that tenants share, in production, too.
 *
 * @throws `TENANT_INVALID`, `TENANT_IN_OTHER_LAYOUT`, `SCHEMA_DISTRIBUTED`, `DATABASE_…`
 */
export async function createTenant(this: unknown, tenantId: string): Promise<void> {
  return callStore(vaultOf(this), 'createTenant', tenantId);
}

/**
 * Applies migration 038 to the tenant's existing schema, in one transaction. Does nothing if it was
 * applied; keeps tables and rows that are there.
 *
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND` without a schema, `TENANT_IN_OTHER_LAYOUT`, `SCHEMA_DISTRIBUTED` where Citus
 *   would not see what a driver makes, `DATABASE_…`
 */
export async function migrateTenant(this: unknown, tenantId: string): Promise<void> {
  return callStore(vaultOf(this), 'migrateTenant', tenantId);
}

/**
 * The slugs of all tenants that have a schema, or that the tables know which tenants share, in alphabetical
 * order.
 *
 * @returns the slugs
 * @throws `CONFIG_INVALID` where `databaseUrl` is a function, because it names one tenant's database
 *   only; `DATABASE_…`
 */
export async function listTenants(this: unknown): Promise<string[]> {
  const vault = vaultOf(this);
  requireOneDatabase(vault);
  return parse(await callStore(vault, 'tenants'));
}

/** Throws `CONFIG_INVALID` where tenants are in several databases. @internal */
export function requireOneDatabase(vault: Vault): void {
  if (hasPlacement(vault)) {
    throw integrationError(
      'CONFIG_INVALID',
      'The tenants of several databases cannot be listed, because the function databaseUrl names the ' +
        'database of one: name the tenants, or use createIntegrations for each database',
    );
  }
}

/** What became of the schemas: each tenant is in one of the lists. */
export interface MigrationReport {
  /** Slugs of the tenants whose schema was migrated. */
  migrated: string[];
  /** Slugs of those that were found to lack nothing; of tenants that are named, none. */
  upToDate: string[];
  failures: MigrationFailure[];
  /** Slugs of those that were not tried, because the work was stopped or the database stayed away. */
  remaining: string[];
}

export interface MigrationFailure {
  tenantId: string;
  /** The `code` of the error, and a sentence. */
  code: IntegrationErrorCode;
  message: string;
}

/**
 * Applies the migrations to the schemas of many tenants: to those that are named, or to all that lack
 * some, found by one statement for all.
 *
 * May be stopped and run again at any time: see {@link migrateTenant}.
 *
 * @returns the tenants, by what became of their schemas
 * @throws `CONFIG_INVALID` for a wrong option, and what listing the tenants rejects with
 */
export async function migrateTenants(
  this: unknown,
  options: FleetOptions = {},
): Promise<MigrationReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('migrateTenants', options);
  const { upToDate, incomplete } = given.tenants
    ? { upToDate: [], incomplete: given.tenants }
    : await findIncomplete(vault);
  if (!given.tenants && tablesOf(vault.options).layout === 'shared') {
    if (given.signal?.aborted) {
      return { migrated: [], upToDate, failures: [], remaining: [...incomplete] };
    }
    await callStore(vault, 'migrateShared');
    return { migrated: [...incomplete], upToDate, failures: [], remaining: [] };
  }
  const migrated: string[] = [];
  const { failed, remaining } = await forEachTenant(incomplete, given, async (tenantId) => {
    await migrateTenant.call(vault, tenantId);
    migrated.push(tenantId);
  });
  return { migrated, upToDate, failures: failed.map(failureOf), remaining };
}

async function findIncomplete(
  vault: Vault,
): Promise<{ upToDate: string[]; incomplete: readonly string[] }> {
  const tenants = await listTenants.call(vault);
  const lacking = new Set(parse(await callStore(vault, 'tenantsToMigrate')));
  return {
    upToDate: tenants.filter((tenantId) => !lacking.has(tenantId)),
    incomplete: tenants.filter((tenantId) => lacking.has(tenantId)),
  };
}
