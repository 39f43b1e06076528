// Tenants with a Stripe key of their own, and the surroundings of an app that calls Stripe for them.

import * as vault from '@cgk-platform/integrations';
import { expect } from '@jest/globals';
import { databaseUrl, newSlug } from './database';
import { type FakeVendors, startFakeVendors } from './fake-vendors';
import { type NeonProxy, startNeonProxy } from './neon-proxy';

const KEY = 'runtime-tests-master-key-0123456789abcdef';

export interface ServedTenants {
  tenants: string[];
  vendors: FakeVendors;
  neon: NeonProxy;
  /** The environment of the app. */
  env: Record<string, string>;
  close(): Promise<void>;
}

export async function serveTenants(count: number): Promise<ServedTenants> {
  const [vendors, neon] = await Promise.all([startFakeVendors(), startNeonProxy(databaseUrl())]);
  vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey: KEY });
  const tenants = Array.from({ length: count }, newSlug);
  for (const tenant of tenants) {
    await vault.createTenant(tenant);
    await vault.saveTenantStripeConfig(tenant, { secretKey: secretOf(tenant) });
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_right' });
  }
  return {
    tenants,
    vendors,
    neon,
    env: {
      INTEGRATION_ENCRYPTION_KEY: KEY,
      POSTGRES_URL: databaseUrl(),
      // Such a host is what the package knows Neon by.
      NEON_URL: 'postgresql://user:password@ep-test-1.eu-central-1.aws.neon.tech/neondb',
      NEON_ENDPOINT: neon.endpoint,
      STRIPE_ENDPOINT: vendors.endpoints.stripe,
    },
    async close() {
      await vault.closeIntegrations();
      await Promise.all([vendors.close(), neon.close()]);
    },
  };
}

/** Who Stripe was called for, and with whose key. */
export function stripeCalls(vendors: FakeVendors): { customer: string; key: string }[] {
  return vendors.requests.map(({ body, headers }) => ({
    customer: new URLSearchParams(body).get('name') ?? '',
    key: String(headers.authorization).replace('Bearer ', ''),
  }));
}

/** Lets an app call Stripe for eight tenants, 200 times at once: each with the tenant's own key. */
export async function expectNoMixing(
  { tenants, vendors }: ServedTenants,
  get: (tenant: string) => Promise<{ customer?: string }>,
): Promise<void> {
  const asked = Array.from({ length: 200 }, (_, n) => tenants[n % 8] ?? '');
  const answers = await Promise.all(asked.map((tenant) => get(tenant)));
  expect(answers.map((answer) => answer.customer)).toEqual(asked.map(() => 'cus_1'));
  const calls = stripeCalls(vendors);
  expect(calls).toHaveLength(asked.length);
  expect(calls.filter(({ customer, key }) => key !== secretOf(customer))).toEqual([]);
}

/** The tenant's Stripe key, which the fake Stripe accepts. */
export function secretOf(tenant: string): string {
  return `sk_test_${tenant}_right`;
}
