// A vendor that refuses everybody for an hour of a simulated clock: one page for the platform, no mail for a
// tenant, and when it is back, none either.
//
// At length, 400 tenants: `npm run fuzz -- --only dead-vendor --cases 10000`.

import {
  createIntegrations,
  type EventMail,
  mailSink,
  type VendorIncident,
} from '@cgk-platform/integrations/native';
import { expect, test } from '@jest/globals';
import { atLength, LENGTH_MS, report } from '../kit/campaign';
import { Clock, MINUTE_MS } from '../kit/clock';
import { newDatabase, newSlug } from '../kit/database';
import { inputFor, startFakeVendors } from '../kit/fake-vendors';

const TENANTS = atLength(20, 0.04);
const MINUTES = 60;
/** So many are asked at once where the vendor is back. */
const FAST = { maxPerVendorPerSecond: 1_000 };

test(
  'it is one page and no mail',
  async () => {
    const vendors = await startFakeVendors();
    const vault = createIntegrations({
      databaseUrl: await newDatabase(newSlug()),
      encryptionKey: 'ab'.repeat(32),
      tokenFormat: 'v2',
      events: true,
      endpoints: vendors.endpoints,
    });
    const clock = new Clock();
    const pages: VendorIncident[] = [];
    const mails: EventMail[] = [];
    const sinks = [
      mailSink({ to: () => 'admin@example.com', send: (mail) => void mails.push(mail) }),
    ];
    const onIncident = (incident: VendorIncident) => void pages.push(incident);
    for (let number = 0; number < TENANTS; number += 1) {
      await vault.createTenant(`shop_${number}`);
      await vault.saveTenantCredential(`shop_${number}`, 'openai', inputFor('openai'));
    }
    await vault.verifyDueCredentials(FAST);
    clock.advance(48 * 60 * MINUTE_MS);
    let isDead = true;
    vendors.beforeAnswer = async () => {
      if (isDead) {
        vendors.failures.push(401);
      }
    };
    for (let minute = 0; minute < 2 * MINUTES; minute += 1) {
      isDead = minute < MINUTES;
      await vault.verifyDueCredentials({ ...FAST, onIncident });
      if (minute % 10 === 9) {
        await vault.deliverCredentialEvents({ sinks });
      }
      clock.advance(MINUTE_MS);
    }
    report({
      campaign: 'dead-vendor',
      outcomes: {
        tenants: TENANTS,
        requests: vendors.requests.length,
        pages: pages.length,
        mails: mails.length,
      },
    });
    expect(pages.map(({ event }) => event)).toEqual(['vendor.incident', 'vendor.recovered']);
    expect(mails).toEqual([]);
    clock.stop();
    await vault.close();
    await vendors.close();
  },
  LENGTH_MS,
);
