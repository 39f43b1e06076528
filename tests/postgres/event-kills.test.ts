// Processes that change credentials are killed at random: there are as many events as changes, exactly.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseUrl, newSlug, sql } from '../kit/database';

const encryptionKey = 'ab'.repeat(32);
const KILLS = 20;
const PROCESSES = 3;

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

test('there is an event for each change and none without, whenever a process is killed', async () => {
  let saves = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const children = Array.from({ length: PROCESSES }, start);
    for (const child of children) {
      child.on('message', () => {
        saves += 1;
      });
    }
    await Promise.all(children.map((child) => once(child, 'message')));
    // Another number of saves each time; where in a save it ends is up to the machine.
    for (let count = 0; count < kill % 7; count += 1) {
      await once(children[0] as ChildProcess, 'message');
    }
    for (const child of children) {
      child.kill('SIGKILL');
    }
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  }
  const count = async (of: string) => {
    const { rows } = await sql(`select count(*)::int as count from ${schema}.${of}`);
    return rows[0].count as number;
  };
  await sessionsEnd();
  expect(await count('tenant_credential_events')).toBe(await count('changes'));
  expect(await count('changes')).toBeGreaterThanOrEqual(saves);
  expect(saves).toBeGreaterThan(KILLS);
  expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
});

/** Statements of killed processes may still be under way on the server. */
async function sessionsEnd(): Promise<void> {
  for (;;) {
    const { rows } = await sql(
      `select 1 from pg_stat_activity where query like $1 and state <> 'idle' and pid <> pg_backend_pid()`,
      [`%${schema}%`],
    );
    if (rows.length === 0) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function start(): ChildProcess {
  const job = { databaseUrl: databaseUrl(), encryptionKey, tenant };
  return fork(join(__dirname, '../kit/saving-process.mjs'), {
    env: { PATH: process.env.PATH, JOB: JSON.stringify(job) },
  });
}
