import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';

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
 * @throws `DATABASE_…`
 */
export async function listTenants(this: unknown): Promise<string[]> {
  return parse(await callStore(vaultOf(this), 'tenants'));
}
