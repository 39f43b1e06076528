import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createIntegrations,
  type Integrations,
  type IntegrationsOptions,
  type VendorIncident,
} from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kit/clock';
import { databaseUrl, newSlug, sql } from '../kit/database';

const FAST = { maxPerVendorPerSecond: 1_000 };

let vendor: Server;
let endpoint: string;
/** What the vendor answers to a key. */
let answerTo: (key: string) => { status: number; headers?: Record<string, string> };
let asked: string[];
let vault: Integrations;
let clock: Clock;
let tenants: string[];

beforeAll(async () => {
  vendor = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? '';
    asked.push(key);
    const { status, headers } = answerTo(key);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    const error = { code: 'invalid_api_key', message: 'Incorrect API key provided' };
    response.end(JSON.stringify(status === 200 ? { object: 'list', data: [] } : { error }));
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  vault = newVault(endpoint);
});
afterAll(async () => {
  await vault.close();
  vendor.closeAllConnections();
  await new Promise((resolve) => vendor.close(resolve));
});
beforeEach(() => {
  clock = new Clock();
  asked = [];
  tenants = [];
  answerTo = () => ({ status: 200 });
});
afterEach(() => clock.stop());

function newVault(url: string, options: IntegrationsOptions = {}): Integrations {
  return createIntegrations({
    databaseUrl: databaseUrl(),
    encryptionKey: 'ab'.repeat(32),
    events: true,
    endpoints: { openai: url },
    ...options,
  });
}

async function connect(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const tenant = newSlug();
    tenants.push(tenant);
    await vault.createTenant(tenant);
    await vault.saveTenantCredential(tenant, 'openai', { apiKey: `sk-${tenant}` });
  }
}

const sweep = (options = {}) => vault.verifyDueCredentials({ tenants, ...FAST, ...options });

/** The events of the states of a tenant's credential, in their order. */
async function states(tenant = tenants[0] as string): Promise<string[]> {
  const events = await vault.listTenantCredentialEvents(tenant);
  const names = events.map(({ event }) => event).reverse();
  return names.filter((name) => /suspect|failing|recovered|expir|rotation/.test(name));
}

describe('what is due', () => {
  test('what was never verified is, and then not before a day has passed', async () => {
    await connect(2);
    expect(await sweep()).toMatchObject({ tenants: 2, due: 2, accepted: 2, left: 0, failures: [] });
    expect(await sweep()).toMatchObject({ due: 0 });
    clock.advance(DAY_MS - MINUTE_MS);
    expect(await sweep()).toMatchObject({ due: 0 });
    clock.advance(0.1 * DAY_MS + 2 * MINUTE_MS);
    expect(await sweep()).toMatchObject({ due: 2, accepted: 2 });
  });

  test('those of one age are spread over a tenth of it', async () => {
    await connect(40);
    await sweep({ olderThanMs: 10 * HOUR_MS });
    clock.advance(10 * HOUR_MS + HOUR_MS / 2);
    const { due } = await sweep({ olderThanMs: 10 * HOUR_MS });
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThan(40);
  });

  test('two sweeps at once verify nothing twice', async () => {
    await connect(10);
    const reports = await Promise.all([sweep(), sweep(), sweep()]);
    expect(asked).toHaveLength(10);
    expect(new Set(asked).size).toBe(10);
    expect(reports.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(10);
  });

  test('what a sweep that died had claimed is free again', async () => {
    await connect(1);
    await sweep();
    const [tenant] = tenants;
    clock.advance(2 * DAY_MS);
    const claimedUntil = Date.now() + MINUTE_MS;
    await sql(
      `update tenant_${tenant}.tenant_credential_states
       set state = state || jsonb_build_object('claimedUntil', $1::bigint)`,
      [claimedUntil],
    );
    expect(await sweep()).toMatchObject({ due: 0 });
    clock.advance(2 * MINUTE_MS);
    expect(await sweep()).toMatchObject({ due: 1, accepted: 1 });
  });

  test('a stopped sweep leaves the rest to the next one', async () => {
    await connect(3);
    const signal = AbortSignal.abort();
    expect(await sweep({ signal })).toMatchObject({ tenants: 0, due: 0 });
    expect(await sweep()).toMatchObject({ accepted: 3 });
  });

  test('a vendor gets no more requests in a second than it may', async () => {
    await connect(4);
    const startedAt = performance.now();
    await sweep({ maxPerVendorPerSecond: 10 });
    // Four turns a tenth of a second apart begin within no less than three of them.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
    expect(asked).toHaveLength(4);
  });
});

describe('states', () => {
  beforeEach(() => connect(1));

  test('a refusal makes it suspect, a second one a minute later failing, and that is said once', async () => {
    await sweep();
    answerTo = () => ({ status: 401 });
    clock.advance(2 * DAY_MS);
    await sweep();
    expect(await states()).toEqual(['credential.suspect']);
    clock.advance(30 * SECOND_MS);
    expect(await sweep()).toMatchObject({ due: 0 });
    clock.advance(31 * SECOND_MS);
    await sweep();
    expect(await states()).toEqual(['credential.suspect', 'credential.failing']);

    for (const [wait, due] of [
      [59 * MINUTE_MS, 0],
      [2 * MINUTE_MS, 1],
      [5 * HOUR_MS, 0],
      [2 * HOUR_MS, 1],
      [23 * HOUR_MS, 0],
      [2 * HOUR_MS, 1],
      [6 * DAY_MS, 0],
      [2 * DAY_MS, 1],
      [6 * DAY_MS, 0],
      [2 * DAY_MS, 1],
    ] as const) {
      clock.advance(wait);
      expect(await sweep()).toMatchObject({ due, refused: due });
    }
    expect(await states()).toEqual(['credential.suspect', 'credential.failing']);

    answerTo = () => ({ status: 200 });
    clock.advance(8 * DAY_MS);
    await sweep();
    expect(await states()).toEqual([
      'credential.suspect',
      'credential.failing',
      'credential.recovered',
    ]);
  });

  test('a vendor that flaps for an hour makes nothing fail', async () => {
    let isUp = false;
    answerTo = () => ({ status: isUp ? 200 : 401 });
    for (let minute = 0; minute < 60; minute += 1) {
      await sweep({ olderThanMs: 30 * SECOND_MS });
      isUp = !isUp;
      clock.advance(MINUTE_MS + SECOND_MS);
    }
    expect(asked.length).toBeGreaterThan(30);
    expect((await states()).filter((name) => name === 'credential.failing')).toEqual([]);
  });

  test.each([
    ['unreachable', { status: 503 }],
    ['asked to wait', { status: 429, headers: { 'retry-after': '600' } }],
  ])('a vendor that is %s counts against no credential', async (_, answer) => {
    answerTo = () => answer;
    for (let count = 0; count < 4; count += 1) {
      expect(await sweep()).toMatchObject({ due: 1, inconclusive: 1, refused: 0 });
      clock.advance(11 * MINUTE_MS);
    }
    expect(await states()).toEqual([]);
  });

  test('a vendor that asks to wait is left alone for as long', async () => {
    await connect(3);
    answerTo = () => ({ status: 429, headers: { 'retry-after': '600' } });
    expect(await sweep({ maxPerVendorPerSecond: 5 })).toMatchObject({
      due: 4,
      inconclusive: 1,
      left: 3,
    });
    answerTo = () => ({ status: 200 });
    clock.advance(5 * MINUTE_MS);
    expect(await sweep()).toMatchObject({ due: 3, accepted: 3 });
    clock.advance(6 * MINUTE_MS);
    expect(await sweep()).toMatchObject({ due: 1, accepted: 1 });
  });

  test('another key begins as unknown', async () => {
    answerTo = () => ({ status: 401 });
    await sweep();
    clock.advance(2 * MINUTE_MS);
    await sweep();
    expect(await states()).toEqual(['credential.suspect', 'credential.failing']);
    await vault.saveTenantCredential(tenants[0] as string, 'openai', { apiKey: 'sk-other' });
    answerTo = () => ({ status: 200 });
    expect(await sweep()).toMatchObject({ due: 1, accepted: 1 });
    expect(await states()).toHaveLength(2);
  });
});

describe('a vendor that refuses many', () => {
  test('is one incident, whose tenants hear nothing, and which ends', async () => {
    await connect(40);
    await sweep();
    const incidents: VendorIncident[] = [];
    const onIncident = (incident: VendorIncident) => void incidents.push(incident);
    answerTo = () => ({ status: 401 });
    clock.advance(2 * DAY_MS);
    for (let minute = 0; minute < 30; minute += 1) {
      await sweep({ onIncident });
      clock.advance(MINUTE_MS);
    }
    expect(incidents).toMatchObject([{ event: 'vendor.incident', service: 'openai' }]);
    const said = await Promise.all(tenants.map(states));
    expect(said).toEqual(tenants.map(() => ['credential.suspect']));

    answerTo = (key) => ({ status: key === `sk-${tenants[7]}` ? 401 : 200 });
    for (let minute = 0; minute < 30; minute += 1) {
      await sweep({ onIncident });
      clock.advance(MINUTE_MS);
    }
    expect(incidents.map(({ event }) => event)).toEqual(['vendor.incident', 'vendor.recovered']);
    const after = await Promise.all(tenants.map(states));
    expect(after.filter((names) => names.includes('credential.failing'))).toHaveLength(1);
    expect(after[7]).toEqual(['credential.suspect', 'credential.failing']);
  });
  test('is told by one of two processes that notice it in the same moment', async () => {
    await connect(40);
    await Promise.all([sweep(), sweep()]);
    const told: string[] = [];
    const onIncident = ({ event }: VendorIncident) => void told.push(event);
    const sweepTwice = () => Promise.all([sweep({ onIncident }), sweep({ onIncident })]);
    answerTo = () => ({ status: 401 });
    clock.advance(2 * DAY_MS);
    // Each half is enough for an incident, and neither knows what the other one finds.
    await sweepTwice();
    expect(told).toEqual(['vendor.incident']);
    answerTo = () => ({ status: 200 });
    clock.advance(6 * MINUTE_MS);
    await sweepTwice();
    expect(told).toEqual(['vendor.incident', 'vendor.recovered']);
  });

  test('that ended within ten minutes is over', async () => {
    await connect(20);
    await sweep();
    const told: string[] = [];
    const onIncident = ({ event }: VendorIncident) => void told.push(event);
    answerTo = () => ({ status: 401 });
    clock.advance(2 * DAY_MS);
    await sweep({ onIncident });
    answerTo = () => ({ status: 200 });
    for (let minute = 0; minute < 15; minute += 1) {
      clock.advance(MINUTE_MS);
      await sweep({ onIncident });
    }
    expect(told).toEqual(['vendor.incident', 'vendor.recovered']);
  });

  test('is told where no process can record it', async () => {
    await connect(6);
    await sweep();
    const told: string[] = [];
    answerTo = () => ({ status: 401 });
    clock.advance(2 * DAY_MS);
    const [recorder] = [...tenants].sort();
    await sql(`drop table tenant_${recorder}.tenant_credential_states`);
    const report = await sweep({
      onIncident: ({ event }: VendorIncident) => void told.push(event),
    });
    expect(report.failures).toEqual([expect.objectContaining({ tenantId: recorder })]);
    expect(told).toEqual(['vendor.incident']);
  });
});

describe('a vendor that refuses the clients of many', () => {
  test('is one incident, too, and no tenant hears more than that it is suspect', async () => {
    await connect(20);
    await sweep();
    const incidents: VendorIncident[] = [];
    const onIncident = (incident: VendorIncident) => void incidents.push(incident);
    answerTo = () => ({ status: 401 });
    clock.advance(2 * MINUTE_MS);
    const checks: Promise<void>[] = [];
    const live = newVault(endpoint, { onVendorRefusal: ({ checked }) => checks.push(checked) });
    for (const tenant of tenants) {
      const client = await live.requireTenantOpenAIClient(tenant);
      await expect(client.createEmbedding('text')).rejects.toMatchObject({ status: 401 });
    }
    await Promise.all(checks);
    const said = () => Promise.all(tenants.map(states));
    expect(await said()).toEqual(tenants.map(() => ['credential.suspect']));
    for (let minute = 0; minute < 5; minute += 1) {
      clock.advance(MINUTE_MS);
      await sweep({ onIncident });
    }
    expect(incidents.map(({ event }) => event)).toEqual(['vendor.incident']);
    expect(await said()).toEqual(tenants.map(() => ['credential.suspect']));
    await live.close();
  });
});

describe('the age of a key', () => {
  test('is said at 30, 7 and 1 days and at the end, once each, also by two at once', async () => {
    await connect(1);
    const [tenant] = tenants as [string];
    const expiresAt = new Date(Date.now() + 40 * DAY_MS);
    await vault.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-aged' }, { expiresAt });
    const days: unknown[] = [];
    for (let day = 0; day < 45; day += 1) {
      await Promise.all([sweep(), sweep()]);
      clock.advance(DAY_MS);
    }
    for (const { event, details } of await vault.listTenantCredentialEvents(tenant)) {
      if (event.startsWith('credential.expir')) {
        days.push([event, details?.days]);
      }
    }
    expect(days.reverse()).toEqual([
      ['credential.expiring', 30],
      ['credential.expiring', 7],
      ['credential.expiring', 1],
      ['credential.expired', undefined],
    ]);
  });

  test('of what was slept through, only the last is said', async () => {
    await connect(1);
    const [tenant] = tenants as [string];
    const expiresAt = new Date(Date.now() + 35 * DAY_MS);
    await vault.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-aged' }, { expiresAt });
    clock.advance(34.5 * DAY_MS);
    await sweep();
    expect(await states()).toEqual(['credential.expiring']);
  });

  test('a key that is to be replaced is said once, and anew for the next one', async () => {
    await connect(1);
    const [tenant] = tenants as [string];
    const save = (apiKey: string, rotateAfterDays?: number) =>
      vault.saveTenantCredential(tenant, 'openai', { apiKey }, { rotateAfterDays });
    await save('sk-aged', 90);
    clock.advance(89 * DAY_MS);
    await sweep();
    expect(await states()).toEqual([]);
    clock.advance(2 * DAY_MS);
    await sweep();
    await sweep();
    expect(await states()).toEqual(['credential.rotation_due']);
    await save('sk-without');
    await sweep();
    expect(await states()).toEqual(['credential.rotation_due']);
  });

  test.each([
    [{ expiresAt: 'tomorrow' }],
    [{ expiresAt: new Date(Number.NaN) }],
    [{ rotateAfterDays: 0 }],
    [{ rotateAfterDays: 1.5 }],
  ])('%j is refused', async (options) => {
    const save = vault.saveTenantCredential('acme', 'openai', { apiKey: 'sk-1' }, options as never);
    await expect(save).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
