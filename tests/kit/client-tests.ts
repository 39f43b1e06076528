// What tests of clients start from: fake vendors, and a tenant of its own for each test.

import type { CredentialInput, TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, test } from '@jest/globals';
import { type Behaviour, type FakeVendors, inputFor, startFakeVendors } from './fake-vendors';
import { configureVault, KEY, newTenant, ON_EDGE, saveCredential } from './vault';

export let vendors: FakeVendors;
export let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
  configureVault(KEY, { endpoints: vendors.endpoints });
});
afterAll(() => vendors.close());
beforeEach(async () => {
  tenant = await newTenant();
  vendors.requests.length = 0;
  vendors.elsewhere.length = 0;
});

export const testOnEdge = ON_EDGE ? test : test.skip;
export const testOnNode = ON_EDGE ? test.skip : test;

/** Saves a credential that the vendor treats in a certain way. */
export async function connect<Service extends TenantService>(
  service: Service,
  behaviour: Behaviour = 'right',
  more: Partial<CredentialInput<Service>> = {},
): Promise<void> {
  await saveCredential(tenant, service, { ...inputFor(service, behaviour), ...more });
}
