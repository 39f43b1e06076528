import { vaultOf } from '../backend/default-vault.js';
import { isApiService } from '../services.js';
import type { TenantApiService } from '../types.js';
import { clearCachedClient, clearWhere } from './cache.js';

/** Drops one cached client of a tenant. Never throws. */
export function clearTenantServiceCache(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
): void {
  clearCachedClient(vaultOf(this), service, tenantId);
}

/** Drops the cached clients of a tenant, but for Stripe, Resend and Wise. Never throws. */
export function clearTenantAllServicesCache(this: unknown, tenantId: string): void {
  clearWhere(vaultOf(this), (entry) => isApiService(entry.service) && entry.tenantId === tenantId);
}

/** Drops the cached clients of all tenants, but for Stripe, Resend and Wise. Never throws. */
export function clearAllServicesCache(this: unknown): void {
  clearWhere(vaultOf(this), (entry) => isApiService(entry.service));
}

/**
 * Drops the cached clients of all tenants and services in this process, such as after a leak: the next call
 * makes each of what is stored then. Clients that were handed out stay what they are. Never throws.
 */
export function revokeAllClients(this: unknown): void {
  clearWhere(vaultOf(this), () => true);
}
