// Credentials of all vendors are verified, at no more than two requests a second and vendor, by the clock.
//
// At length, 10 000 of them: `npm run fuzz -- --only due-verifications --cases 10000`.

import { createIntegrations, SERVICE_CATALOG } from '@cgk-platform/integrations/native';
import { expect, test } from '@jest/globals';
import { atLength, IS_AT_LENGTH, LENGTH_MS, report } from '../kit/campaign';
import { newDatabase, newSlug } from '../kit/database';
import { inputFor, startFakeVendors } from '../kit/fake-vendors';

const SERVICES = SERVICE_CATALOG.map(({ id }) => id);
const TENANTS = Math.ceil(atLength(5 * SERVICES.length) / SERVICES.length);
const CREDENTIALS = TENANTS * SERVICES.length;
const PER_SECOND = 2;
const AT_MOST_MS = 15 * 60_000;

test(
  'each is verified once, and no vendor is asked faster than it may be',
  async () => {
    const vendors = await startFakeVendors();
    const vault = createIntegrations({
      databaseUrl: await newDatabase(newSlug()),
      encryptionKey: 'ab'.repeat(32),
      tokenFormat: 'v2',
      events: true,
      endpoints: vendors.endpoints,
    });
    for (let number = 0; number < TENANTS; number += 1) {
      const tenant = `shop_${number}`;
      await vault.createTenant(tenant);
      for (const service of SERVICES) {
        await vault.saveTenantCredential(tenant, service, inputFor(service));
      }
    }
    const start = performance.now();
    const sweep = await vault.verifyDueCredentials({ maxPerVendorPerSecond: PER_SECOND });
    const elapsedMs = performance.now() - start;
    const [seconds, requests] = [Math.round(elapsedMs / 1000), vendors.requests.length];
    report({ campaign: 'due-verifications', outcomes: { ...counts(sweep), requests, seconds } });
    expect(counts(sweep)).toEqual({ due: CREDENTIALS, accepted: CREDENTIALS, left: 0 });
    expect(sweep.failures).toEqual([]);
    expect(requests).toBe(CREDENTIALS);
    // The last request of a vendor has its turn no sooner.
    expect(elapsedMs).toBeGreaterThanOrEqual(((TENANTS - 1) / PER_SECOND) * 1000 - 1);
    if (IS_AT_LENGTH) {
      expect(elapsedMs).toBeLessThan(AT_MOST_MS);
    }
    expect(await vault.verifyDueCredentials()).toMatchObject({ due: 0 });
    await vault.close();
    await vendors.close();
  },
  LENGTH_MS,
);

function counts({ due, accepted, left }: { due: number; accepted: number; left: number }) {
  return { due, accepted, left };
}
