// Processes that change credentials are killed at random: there are as many events as changes, exactly.
//
// At length, 10 000 changes: `npm run fuzz -- --only event-kills --cases 10000`.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atLength, LENGTH_MS, report } from '../kit/campaign';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { Random } from '../kit/random';
import { sessionsEnd } from '../kit/sessions-end';

const encryptionKey = 'ab'.repeat(32);
const PROCESSES = 3;
/** Saves that are awaited, and how often all processes are killed meanwhile. */
const SAVES = atLength(100);
const KILLS = Math.max(20, SAVES / 100);

const tenant = newSlug();
const schema = `tenant_${tenant}`;
let vault: Integrations;

beforeAll(async () => {
  vault = createIntegrations({ databaseUrl: databaseUrl(), encryptionKey, events: true });
  await vault.createTenant(tenant);
  // Counts what became of the rows, whatever the package says of it.
  await sql(`
    create table ${schema}.changes (at timestamptz default now());
    create function ${schema}.count_change() returns trigger language plpgsql as $$
      begin insert into ${schema}.changes default values; return null; end $$;
    create trigger count_changes after insert or update on ${schema}.tenant_api_credentials
      for each row execute function ${schema}.count_change();
  `);
});
afterAll(() => vault.close());

test(
  'there is an event for each change and none without, whenever a process is killed',
  async () => {
    const random = new Random('event-kills');
    let [saves, kills] = [0, 0];
    while (kills < KILLS || saves < SAVES) {
      // Another number of saves each time; where in a save it ends is up to the machine.
      const end = saves + random.below((2 * SAVES) / KILLS + 1);
      const children = Array.from({ length: PROCESSES }, start);
      for (const child of children) {
        child.on('message', () => {
          saves += 1;
        });
      }
      await Promise.all(children.map((child) => once(child, 'message')));
      while (saves < end) {
        await once(children[0] as ChildProcess, 'message');
      }
      for (const child of children) {
        child.kill('SIGKILL');
      }
      await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
      kills += 1;
    }
    const count = async (of: string) => {
      const { rows } = await sql(`select count(*)::int as count from ${schema}.${of}`);
      return rows[0].count as number;
    };
    await sessionsEnd(schema);
    const [events, changes] = [await count('tenant_credential_events'), await count('changes')];
    report({ campaign: 'event-kills', outcomes: { kills, changes, events } });
    expect(events).toBe(changes);
    expect(changes).toBeGreaterThanOrEqual(saves);
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
  },
  LENGTH_MS,
);

function start(): ChildProcess {
  const job = { databaseUrl: databaseUrl(), encryptionKey, tenant };
  return fork(join(__dirname, '../kit/saving-process.mjs'), {
    env: { PATH: process.env.PATH, JOB: JSON.stringify(job) },
  });
}
