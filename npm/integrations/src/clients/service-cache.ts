import { isApiService } from '../services.js';
import type { TenantApiService } from '../types.js';
import { clearCachedClient, clearWhere } from './cache.js';

/** Drops one cached client of a tenant. */
export function clearTenantServiceCache(tenantId: string, service: TenantApiService): void {
  clearCachedClient(service, tenantId);
}

/** Drops the cached clients of a tenant, but for Stripe, Resend and Wise. */
export function clearTenantAllServicesCache(tenantId: string): void {
  clearWhere((entry) => isApiService(entry.service) && entry.tenantId === tenantId);
}

/** Drops the cached clients of all tenants, but for Stripe, Resend and Wise. */
export function clearAllServicesCache(): void {
  clearWhere((entry) => isApiService(entry.service));
}
