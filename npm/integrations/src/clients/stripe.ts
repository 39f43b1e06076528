import type Stripe from 'stripe';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored } from './sdk.js';

/** The tenant's Stripe client, or `null` if Stripe is not configured. */
export async function getTenantStripeClient(tenantId: string): Promise<Stripe | null> {
  return cachedClient(tenantId, 'stripe', build);
}

/** The tenant's Stripe client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantStripeClient(tenantId: string): Promise<Stripe> {
  return requiredClient(getTenantStripeClient(tenantId), 'stripe', tenantId);
}

/** Drops the cached client of one tenant. */
export function clearTenantStripeClientCache(tenantId: string): void {
  clearCachedClient('stripe', tenantId);
}

/** Drops the cached clients of all tenants. */
export function clearAllStripeClientCache(): void {
  clearCachedClient('stripe');
}

async function build(credential: TenantCredential, tenantId: string): Promise<Stripe> {
  const { default: StripeClient } = await importSdk();
  const { hostname, port, protocol } = new URL(endpointOf('stripe'));
  const client = construct(
    'stripe',
    () =>
      new StripeClient(stored(credential, 'secretKey'), {
        host: hostname,
        port: port || (protocol === 'http:' ? '80' : '443'),
        protocol: protocol === 'http:' ? 'http' : 'https',
      }),
  );
  return opaque(client, 'stripe', tenantId);
}

async function importSdk() {
  try {
    return await import('stripe');
  } catch (error) {
    throw importFailure('stripe', 'stripe', error);
  }
}
