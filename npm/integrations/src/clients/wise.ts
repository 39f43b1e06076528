import { vendorTimeoutMs } from '../backend/config.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { field, redactInspection } from './sdk.js';
import { WiseApi } from './wise/client.js';
import type { WiseClient } from './wise/types.js';

/** The tenant's Wise client, or `null` if Wise is not configured. */
export async function getTenantWiseClient(tenantId: string): Promise<WiseClient | null> {
  return cachedClient(tenantId, 'wise', build);
}

/** The tenant's Wise client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantWiseClient(tenantId: string): Promise<WiseClient> {
  return requiredClient(getTenantWiseClient(tenantId), 'wise', tenantId);
}

/** Drops the cached client of one tenant. */
export function clearTenantWiseCache(tenantId: string): void {
  clearCachedClient('wise', tenantId);
}

/** Drops the cached clients of all tenants. */
export function clearAllWiseCache(): void {
  clearCachedClient('wise');
}

function build(credential: TenantCredential, tenantId: string): WiseClient {
  const { profileId } = credential.account;
  const client = new WiseApi({
    baseUrl: endpointOf('wise', credential),
    token: field(credential, 'apiKey'),
    profileId: typeof profileId === 'string' ? profileId : null,
    sandboxMode: credential.values.sandboxMode === 'true',
    timeoutMs: vendorTimeoutMs(),
  });
  return redactInspection(client, 'wise', tenantId);
}
