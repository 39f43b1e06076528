import { vendorTimeoutMs } from '../backend/config.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { refusalOf } from './refusals.js';
import { field, redactInspection } from './sdk.js';
import { WiseApi } from './wise/client.js';
import type { WiseClient } from './wise/types.js';

/**
 * The tenant's Wise client, from the cache or made of what is stored.
 *
 * @returns `null` if Wise is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export async function getTenantWiseClient(
  this: unknown,
  tenantId: string,
): Promise<WiseClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'wise', build);
}

/**
 * The tenant's Wise client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export async function requireTenantWiseClient(
  this: unknown,
  tenantId: string,
): Promise<WiseClient> {
  return requiredClient(getTenantWiseClient.call(this, tenantId), 'wise', tenantId);
}

/** Drops the cached client of one tenant. Never throws. */
export function clearTenantWiseCache(this: unknown, tenantId: string): void {
  clearCachedClient(vaultOf(this), 'wise', tenantId);
}

/** Drops the cached clients of all tenants. Never throws. */
export function clearAllWiseCache(this: unknown): void {
  clearCachedClient(vaultOf(this), 'wise');
}

function build(vault: Vault, tenantId: string, credential: TenantCredential): WiseClient {
  const { profileId } = credential.account;
  const client = new WiseApi({
    baseUrl: endpointOf(vault, 'wise', credential),
    token: field(credential, 'apiKey'),
    profileId: typeof profileId === 'string' ? profileId : null,
    sandboxMode: credential.values.sandboxMode === 'true',
    timeoutMs: vendorTimeoutMs(vault),
    refused: refusalOf(vault, tenantId, 'wise'),
  });
  return redactInspection(client, 'wise', tenantId);
}
