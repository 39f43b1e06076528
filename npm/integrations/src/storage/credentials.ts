// The storage functions of any service: what forms, routes and jobs over all services need, and what
// those of one service are made of.

import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { withCacheInvalidation } from '../clients/cache.js';
import { type Audit, auditOf } from '../events/actor.js';
import { ageOf } from '../events/age.js';
import { ownValue } from '../own-properties.js';
import { hasOwnTable } from '../services.js';
import type { BaseTenantConfig, ChangeOptions, SaveOptions, TenantService } from '../types.js';
import { type CredentialInput, saveVerified } from '../verification/verification.js';
import { readInput, withoutService } from './input.js';

/** What is to change of a credential: fields left out keep their value, `null` clears one. */
export type CredentialChanges<Service extends TenantService> = Partial<CredentialInput<Service>>;

/**
 * Saves the credential of any service. Where one is stored, its key may be left out, too.
 *
 * With `verify`, the vendor is asked first.
 *
 * @returns the saved credential, its secrets encrypted
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID` with what is
 *   wrong by field in `fields`, `KEY_MISSING`, `DATABASE_…`; with `verify` also
 *   `CREDENTIAL_INVALID` where the vendor refuses the credential, of which nothing is stored then
 */
export async function saveTenantCredential<Service extends TenantService>(
  this: unknown,
  tenantId: string,
  service: Service,
  changes: CredentialChanges<Service>,
  options?: SaveOptions,
): Promise<BaseTenantConfig> {
  const fields = readInput(changes);
  return save(
    vaultOf(this),
    tenantId,
    service,
    hasOwnTable(service) ? fields : withoutService(fields),
    options,
  );
}

/**
 * Disconnects any service.
 *
 * @returns whether there was a row, connected or not
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function deleteTenantCredential(
  this: unknown,
  tenantId: string,
  service: TenantService,
  options?: ChangeOptions,
): Promise<boolean> {
  return remove(vaultOf(this), 'delete', tenantId, service, options);
}

/** Saves an input, after its vendor accepted it where the options ask for that. @internal */
export async function save<T>(
  vault: Vault,
  tenantId: string,
  service: TenantService,
  input: object,
  options: SaveOptions | undefined,
  plain = (fields: object, audit: Audit | undefined) =>
    callStore(vault, 'save', tenantId, service, fields, audit),
): Promise<T> {
  const fields = readInput(input);
  const audit = auditOf(vault, options, ageOf(vault, options));
  return withCacheInvalidation(vault, tenantId, service, async () =>
    ownValue(options, 'verify') && typeof fields === 'object' && fields !== null
      ? saveVerified<T>(vault, tenantId, service, fields, audit)
      : (parse(await plain(fields, audit)) as T),
  );
}

/** Disconnects a service. @internal */
export async function remove(
  vault: Vault,
  operation: 'delete' | 'api.delete',
  tenantId: string,
  service: TenantService,
  options: ChangeOptions | undefined,
): Promise<boolean> {
  const audit = auditOf(vault, options);
  return withCacheInvalidation(vault, tenantId, service, () =>
    callStore(vault, operation, tenantId, service, audit),
  );
}

/** Records what a verification made elsewhere found. @internal */
export async function updateVerification(
  vault: Vault,
  operation: 'updateVerification' | 'api.updateVerification',
  tenantId: string,
  service: TenantService,
  verified: boolean,
  account: object | null | undefined,
  error: string | null | undefined,
  options: ChangeOptions | undefined,
): Promise<void> {
  const audit = auditOf(vault, options);
  return withCacheInvalidation(vault, tenantId, service, () =>
    callStore(vault, operation, tenantId, service, verified, readInput(account), error, audit),
  );
}
