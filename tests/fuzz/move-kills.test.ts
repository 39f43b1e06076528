// A process that moves tenants between layouts is killed at random while two others save: each tenant is in one
// layout, and no save and no event is lost.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { campaign } from '../kit/campaign';
import { newDatabase, newSlug, sql } from '../kit/database';
import type { Job } from '../kit/moving-process.mjs';
import { sessionsEnd } from '../kit/sessions-end';
import { until } from '../kit/until';

const encryptionKey = 'ab'.repeat(32);
const TENANTS = Array.from({ length: 8 }, (_, number) => `shop_${number}`);
const WRITERS = 2;
const MOST_MS = 250;

interface Said {
  isBusy?: boolean;
  failure?: string;
  saved?: Record<string, number>;
}

const writers: ChildProcess[] = [];
const heard: Said[] = [];
let url: string;
let schemas: Integrations;
let shared: Integrations;

function start(job: Pick<Job, 'to' | 'tenants'>): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    JOB: JSON.stringify({ databaseUrl: url, encryptionKey, ...job }),
  };
  return fork(join(__dirname, '../kit/moving-process.mjs'), { env, execArgv: [] });
}

beforeAll(async () => {
  url = await newDatabase(`moves_${newSlug()}`);
  const options = { databaseUrl: url, encryptionKey, events: true };
  schemas = createIntegrations(options);
  shared = createIntegrations({ ...options, layout: 'shared' });
  await shared.migrateTenants();
  for (const tenant of TENANTS) {
    await schemas.createTenant(tenant);
    await schemas.saveTenantStripeConfig(tenant, { secretKey: `sk_test_${tenant}` });
  }
  for (let index = 0; index < WRITERS; index += 1) {
    const writer = start({ tenants: TENANTS.filter((_, number) => number % WRITERS === index) });
    writer.on('message', (said) => heard.push(said as Said));
    writers.push(writer);
  }
  await until(() => heard.filter(({ isBusy }) => isBusy).length === WRITERS);
}, 300_000);

afterAll(async () => {
  for (const writer of writers) {
    writer.kill('SIGKILL');
  }
  await Promise.all([schemas, shared].map((vault) => vault.close()));
});

/** Where each tenant is, at one time: a statement of a killed process may still be under way. */
async function places(): Promise<{ tenant: string; place: string }[]> {
  const { rows } = await sql(
    `select distinct substr(nspname, 8) as tenant, 'schema' as place from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     where nspname like 'tenant\\_%' and relname like 'tenant\\_%' and relkind = 'r'
     union all select tenant_id, 'shared' from vault.tenants order by tenant`,
    [],
    url,
  );
  return rows;
}

campaign({
  name: 'move-kills',
  share: 0.02,
  outcomes: ['killed'],
  async run(random) {
    const to = random.chance(0.5) ? 'shared' : 'schema';
    const tenants = [...TENANTS].sort(() => (random.chance(0.5) ? 1 : -1));
    const mover = start({ to, tenants });
    await once(mover, 'message');
    const timer = setTimeout(() => mover.kill('SIGKILL'), random.below(MOST_MS));
    await (mover.exitCode ?? mover.signalCode ?? once(mover, 'exit'));
    clearTimeout(timer);
    expect((await places()).map(({ tenant }) => tenant)).toEqual(TENANTS);
    expect(heard.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    return mover.signalCode === 'SIGKILL' ? 'killed' : 'finished';
  },
});

test('what the kills left behind is finished by moving again, both ways, and nothing was lost', async () => {
  await sessionsEnd('do $move$', url);
  expect((await schemas.moveTenants({ to: 'shared' })).failures).toEqual([]);
  expect(await places()).toEqual(TENANTS.map((tenant) => ({ tenant, place: 'shared' })));
  for (const writer of writers) {
    expect(writer.exitCode).toBeNull();
    const ended = once(writer, 'exit');
    writer.send('stop');
    await ended;
  }
  expect(heard.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  const saved = Object.assign({}, ...heard.map((said) => said.saved ?? {}));
  for (const vault of [shared, schemas]) {
    for (const tenant of TENANTS) {
      expect(saved[tenant]).toBeGreaterThan(0);
      expect(await vault.getTenantApiKey(tenant, 'openai')).toBe(`sk-${saved[tenant]}`);
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe(`sk_test_${tenant}`);
      // An event for each save that was answered, and none besides.
      const { intact, sealed } = await vault.verifyTenantCredentialEvents(tenant);
      expect({ intact, sealed }).toEqual({ intact: true, sealed: saved[tenant] + 1 });
    }
    await vault.moveTenants({ to: 'schema' });
  }
}, 300_000);
