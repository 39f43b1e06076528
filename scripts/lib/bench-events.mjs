// What an event costs a save: the same save with events off and on, in turns. A ratio below 1 is slower.

import { rounds } from './bench-rounds.mjs';
import { KEY } from './bench-sides.mjs';
import { measure, printRow } from './bench-table.mjs';

const ROUNDS = rounds(300);

/** @param {{ native: typeof import('@cgk-platform/integrations'), databaseUrl: string }} benched */
export async function benchEvents({ native, databaseUrl }) {
  console.log('\nSaves with events off and on, the ratio to those with events off\n');
  printRow(['', ...['off', 'on'].flatMap((name) => [name, 'ratio', 'held'])]);
  for (const tokenFormat of /** @type {const} */ (['v1', 'v2'])) {
    const open = (/** @type {boolean} */ events) =>
      native.createIntegrations({ databaseUrl, encryptionKey: KEY, tokenFormat, events });
    const [off, on] = [open(false), open(true)];
    /** @type {[string, { vault: import('@cgk-platform/integrations').Integrations, tenant: string }][]} */
    const sides = [
      ['off', { vault: off, tenant: `events_off_${tokenFormat}` }],
      ['on', { vault: on, tenant: `events_on_${tokenFormat}` }],
    ];
    for (const [, { tenant }] of sides) {
      await on.createTenant(tenant);
    }
    await measure(
      `${tokenFormat}: save a key, events off and on`,
      sides,
      ROUNDS,
      ({ vault, tenant }, round) =>
        vault.saveTenantStripeConfig(tenant, { secretKey: `sk_test_${round}` }),
    );
    await Promise.all([off.close(), on.close()]);
  }
}
