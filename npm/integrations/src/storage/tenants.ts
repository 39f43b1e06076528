import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { hasPlacement } from '../backend/placement.js';
import { integrationError } from '../errors.js';

/**
 * Makes the schema `tenant_<slug>` and the credential tables, unless they exist. For demos and
 * tests; in production the platform makes schemas.
 *
 * @throws `TENANT_INVALID`, `DATABASE_…`
 */
export async function createTenant(this: unknown, tenantId: string): Promise<void> {
  return callStore(vaultOf(this), 'createTenant', tenantId);
}

/**
 * Applies migration 038 to the tenant's existing schema, in one transaction. Does nothing if it was
 * applied; keeps tables and rows that are there.
 *
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND` without a schema, `DATABASE_…`
 */
export async function migrateTenant(this: unknown, tenantId: string): Promise<void> {
  return callStore(vaultOf(this), 'migrateTenant', tenantId);
}

/**
 * The slugs of all tenants that have a schema, in alphabetical order.
 *
 * @returns the slugs
 * @throws `CONFIG_INVALID` where `databaseUrl` is a function, because it names one tenant's database
 *   only; `DATABASE_…`
 */
export async function listTenants(this: unknown): Promise<string[]> {
  const vault = vaultOf(this);
  if (hasPlacement(vault)) {
    throw integrationError(
      'CONFIG_INVALID',
      'The tenants of several databases cannot be listed, because the function databaseUrl names the ' +
        'database of one: name the tenants, or use createIntegrations for each database',
    );
  }
  return parse(await callStore(vault, 'tenants'));
}
