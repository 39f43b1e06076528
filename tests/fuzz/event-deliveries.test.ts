// Changes are delivered by a sweep every two seconds: all of them, in order, and how soon.
//
// At length, 1 000 changes of 50 tenants: `npm run fuzz -- --only event-deliveries --cases 10000`.

import {
  createIntegrations,
  type Integrations,
  type TenantCredentialEvent,
} from '@cgk-platform/integrations/native';
import { expect, test } from '@jest/globals';
import { atLength, IS_AT_LENGTH, LENGTH_MS, report } from '../kit/campaign';
import { newDatabase, newSlug } from '../kit/database';
import { percentile } from '../kit/percentile';

const CHANGES = atLength(40, 0.1);
const TENANTS = atLength(5, 0.005);
const SWEEP_MS = 2_000;
/** Between two changes. */
const PAUSE_MS = 40;
const P95_AT_MOST_MS = 5_000;

test(
  'all are delivered, in order',
  async () => {
    const databaseUrl = await newDatabase(newSlug());
    const [writer, deliverer] = [open(databaseUrl), open(databaseUrl)];
    const tenants = Array.from({ length: TENANTS }, (_, number) => `shop_${number}`);
    for (const tenant of tenants) {
      await writer.createTenant(tenant);
    }
    const delivered: TenantCredentialEvent[] = [];
    const times: number[] = [];
    const deliver = (event: TenantCredentialEvent) => {
      delivered.push(event);
      times.push(Date.now() - event.occurredAt.getTime());
    };
    let isWriting = true;
    const delivering = (async () => {
      for (let isLast = false; !isLast; ) {
        isLast = !isWriting;
        await deliverer.deliverCredentialEvents({ sinks: [{ name: 'test', deliver }] });
        await pause(isLast ? 0 : SWEEP_MS);
      }
    })();
    for (let count = 0; count < CHANGES; count += 1) {
      const tenant = tenants[count % TENANTS] as string;
      await writer.saveTenantCredential(tenant, 'openai', { apiKey: `sk-${count}` });
      await pause(PAUSE_MS);
    }
    isWriting = false;
    await delivering;
    const [p50, p95] = [percentile(times, 50), percentile(times, 95)];
    report({ campaign: 'event-deliveries', outcomes: { events: times.length, p50, p95 } });
    expect(delivered).toHaveLength(CHANGES);
    for (const tenant of tenants) {
      const places = delivered.filter(({ tenantId }) => tenantId === tenant);
      const positions = places.map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, index) => index + 1));
    }
    if (IS_AT_LENGTH) {
      expect(p95).toBeLessThan(P95_AT_MOST_MS);
    }
    await Promise.all([writer.close(), deliverer.close()]);
  },
  LENGTH_MS,
);

function open(databaseUrl: string): Integrations {
  const encryptionKey = 'ab'.repeat(32);
  return createIntegrations({ databaseUrl, encryptionKey, tokenFormat: 'v2', events: true });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
