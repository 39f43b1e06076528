// The storage functions of any service: what forms, routes and jobs over all services need.

import type {
  BaseTenantConfig,
  CredentialVerification,
  SaveOptions,
  TenantService,
} from '../types.js';
import {
  type CredentialInput,
  verifyTenantResendCredentials,
  verifyTenantServiceCredentials,
  verifyTenantStripeCredentials,
  verifyTenantWiseCredentials,
} from '../verification/verification.js';
import { readInput } from './input.js';
import {
  deleteTenantApiCredential,
  deleteTenantResendConfig,
  deleteTenantStripeConfig,
  deleteTenantWiseConfig,
  saveTenantApiCredential,
  saveTenantResendConfig,
  saveTenantStripeConfig,
  saveTenantWiseConfig,
} from './storage.js';

/** What is to change of a credential: fields left out keep their value, `null` clears one. */
export type CredentialChanges<Service extends TenantService> = Partial<CredentialInput<Service>>;

/**
 * Saves the credential of any service. Where one is stored, its key may be left out, too.
 *
 * With `verify`, the vendor is asked first: rejects with `CREDENTIAL_INVALID` if it refuses.
 * `INPUT_INVALID` lists everything that is wrong, by field, in `fields`.
 */
export async function saveTenantCredential<Service extends TenantService>(
  tenantId: string,
  service: Service,
  changes: CredentialChanges<Service>,
  options?: SaveOptions,
): Promise<BaseTenantConfig> {
  switch (service) {
    case 'stripe':
      return saveTenantStripeConfig(tenantId, changes as never, options);
    case 'resend':
      return saveTenantResendConfig(tenantId, changes as never, options);
    case 'wise':
      return saveTenantWiseConfig(tenantId, changes as never, options);
    default: {
      const fields = readInput(changes);
      const isObject = typeof fields === 'object' && fields !== null;
      const input = isObject ? { ...fields, serviceName: service } : fields;
      return saveTenantApiCredential(tenantId, input as never, options);
    }
  }
}

/** Disconnects any service; says whether there was a row, connected or not. */
export async function deleteTenantCredential(
  tenantId: string,
  service: TenantService,
): Promise<boolean> {
  switch (service) {
    case 'stripe':
      return deleteTenantStripeConfig(tenantId);
    case 'resend':
      return deleteTenantResendConfig(tenantId);
    case 'wise':
      return deleteTenantWiseConfig(tenantId);
    default:
      return deleteTenantApiCredential(tenantId, service);
  }
}

/** Asks a vendor whether it accepts the stored credential, and records the answer. Never rejects. */
export async function verifyTenantCredential(
  tenantId: string,
  service: TenantService,
): Promise<CredentialVerification> {
  switch (service) {
    case 'stripe':
      return verifyTenantStripeCredentials(tenantId);
    case 'resend':
      return verifyTenantResendCredentials(tenantId);
    case 'wise':
      return verifyTenantWiseCredentials(tenantId);
    default:
      return verifyTenantServiceCredentials(tenantId, service);
  }
}
