import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug } from './database';

/** Set by the Jest project. */
declare const BACKEND: 'native' | 'wasm';

export type Vault = typeof native;

export const KEY = 'contract-suite-master-key-0123456789abcdef';

/** The package as it answers on the backend of this Jest project. */
export const vault: Vault = BACKEND === 'native' ? native : wasm;

let pool: pg.Pool | undefined;

/** Points the vault at the test server; `null` leaves the key to the environment. */
export function configureVault(
  key: string | null = KEY,
  options: native.IntegrationsOptions = {},
): void {
  const encryptionKey = key ?? undefined;
  if (BACKEND === 'native') {
    native.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey, ...options });
  } else {
    pool ??= new pg.Pool({ connectionString: databaseUrl(), max: 5 });
    wasm.configureIntegrations({ driver: wasm.pgDriver(pool), encryptionKey, ...options });
  }
}

/** A tenant of its own, with schema and tables. */
export async function newTenant(): Promise<string> {
  const slug = newSlug();
  await vault.createTenant(slug);
  return slug;
}

/** Saves the credential of any service. */
export const saveCredential = vault.saveTenantCredential;

/** The stored configuration of any service. */
export async function getCredential(
  tenant: string,
  service: native.TenantService,
): Promise<native.BaseTenantConfig | null> {
  switch (service) {
    case 'stripe':
      return vault.getTenantStripeConfig(tenant);
    case 'resend':
      return vault.getTenantResendConfig(tenant);
    case 'wise':
      return vault.getTenantWiseConfig(tenant);
    default:
      return vault.getTenantApiCredential(tenant, service);
  }
}

/** Verifies the stored credential of any service. */
export const verifyStored = vault.verifyTenantCredential;

/** What a promise rejects with: its code and message. */
export async function rejection(promise: Promise<unknown>): Promise<[string, string]> {
  try {
    await promise;
  } catch (error) {
    if (vault.isIntegrationError(error)) {
      return [error.code, error.message];
    }
    throw error;
  }
  throw new Error('The promise was expected to reject');
}

afterAll(async () => {
  await vault.closeIntegrations();
  await pool?.end();
});
