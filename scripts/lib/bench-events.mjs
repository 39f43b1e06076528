// What an event costs a save: the same save with events off and on, in turns. A ratio below 1 is slower.

import { rounds } from './bench-rounds.mjs';
import { KEY } from './bench-sides.mjs';
import { measure, printRow } from './bench-table.mjs';

const ROUNDS = rounds(300);

/** @param {{ native: typeof import('@cgk-platform/integrations'), databaseUrl: string }} benched */
export async function benchEvents({ native, databaseUrl }) {
  const open = (/** @type {boolean} */ events) =>
    native.createIntegrations({ databaseUrl, encryptionKey: KEY, tokenFormat: 'v2', events });
  const [off, on] = [open(false), open(true)];
  /** @type {[string, { vault: import('@cgk-platform/integrations').Integrations, tenant: string }][]} */
  const sides = [
    ['off', { vault: off, tenant: 'events_off' }],
    ['on', { vault: on, tenant: 'events_on' }],
  ];
  for (const [, { tenant }] of sides) {
    await on.createTenant(tenant);
  }
  console.log('\nSaves of v2 with events off and on, the ratio to those with events off\n');
  printRow(['', ...sides.flatMap(([name]) => [name, 'ratio', 'held'])]);
  await measure('v2: save a key, events off and on', sides, ROUNDS, ({ vault, tenant }, round) =>
    vault.saveTenantStripeConfig(tenant, { secretKey: `sk_test_${round}` }),
  );
  await Promise.all([off.close(), on.close()]);
}
