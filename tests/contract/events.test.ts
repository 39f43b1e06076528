import { createCredentialRoutes, type RouteReport } from '@cgk-platform/integrations/routes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newSlug, sql } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import {
  configureVault,
  newTenant,
  ON_EDGE,
  rejection,
  schemaOf,
  testOfOwnTables,
  vault,
} from '../kit/vault';

const KEY = 'ab'.repeat(32);
const OTHER_KEY = 'cd'.repeat(32);
const ACTOR = { type: 'user', id: 'user-1', requestId: 'req-1', address: '192.0.2.1' };

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configure();
  tenant = await newTenant();
});

function configure(options = {}, key = KEY): void {
  configureVault(key, { events: true, endpoints: vendors.endpoints, ...options });
}

const named = async () =>
  (await vault.listTenantCredentialEvents(tenant)).map(({ event, service }) => [event, service]);

describe('a change and its event are one statement', () => {
  test('each change writes who, what and how', async () => {
    await vault.saveTenantStripeConfig(tenant, inputFor('stripe'), { actor: ACTOR, verify: true });
    await vault.deleteTenantStripeConfig(tenant, { actor: { type: 'job' } });
    const [disconnected, saved, ...others] = await vault.listTenantCredentialEvents(tenant);
    expect(others).toEqual([]);
    expect(saved).toEqual({
      id: `evt_${tenant}_${saved?.seq}`,
      tenantId: tenant,
      seq: expect.any(Number),
      occurredAt: expect.any(Date),
      event: 'credential.saved',
      service: 'stripe',
      fields: expect.arrayContaining(['secretKey']),
      outcome: 'valid',
      keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
      actor: ACTOR,
      details: {},
      position: null,
      mac: null,
    });
    expect(disconnected).toMatchObject({
      event: 'credential.disconnected',
      actor: { type: 'job' },
    });
  });

  test('every kind of change writes one', async () => {
    await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
    await vault.saveTenantCredential(tenant, 'mux', { apiKey: 'id', apiSecret: 's' });
    await vault.saveTenantCredential(tenant, 'mux', { webhookSecret: 'w' });
    await vault.updateApiCredentialVerification(tenant, 'mux', false, null, 'refused');
    await vault.verifyTenantCredential(tenant, 'openai');
    await vault.deleteTenantCredential(tenant, 'mux');
    expect((await named()).reverse()).toEqual([
      ['credential.saved', 'openai'],
      ['credential.saved', 'mux'],
      ['credential.saved', 'mux'],
      ['credential.verified', 'mux'],
      ['credential.verified', 'openai'],
      ['credential.disconnected', 'mux'],
    ]);
    const events = await vault.listTenantCredentialEvents(tenant, { service: 'mux' });
    expect(events.map(({ fields }) => fields)).toEqual([
      [],
      [],
      ['webhookSecret'],
      ['apiKey', 'apiSecret'],
    ]);
  });

  test('a rotation writes one for each value', async () => {
    await vault.saveTenantCredential(tenant, 'mux', { apiKey: 'id', apiSecret: 's' });
    configure({ previousEncryptionKeys: [KEY] }, OTHER_KEY);
    await vault.rotateEncryptionKeys({ tenants: [tenant], actor: ACTOR });
    const rotated = await vault.listTenantCredentialEvents(tenant, { limit: 2 });
    expect(rotated.map(({ event, fields }) => [event, fields[0]]).sort()).toEqual([
      ['credential.rotated', 'apiKey'],
      ['credential.rotated', 'apiSecret'],
    ]);
    expect(rotated[0]).toMatchObject({ service: 'mux', actor: ACTOR, fields: expect.any(Array) });
  });

  test('a save that is refused writes none', async () => {
    await rejection(vault.saveTenantStripeConfig(tenant, { secretKey: 'pk_wrong' } as never));
    expect(await vault.listTenantCredentialEvents(tenant)).toEqual([]);
  });

  testOfOwnTables(
    'without the table nothing is changed, and the error names the migration',
    async () => {
      await sql(`drop table ${schemaOf(tenant)}.tenant_credential_events`);
      const [code, message] = await rejection(
        vault.saveTenantStripeConfig(tenant, inputFor('stripe')),
      );
      expect(code).toBe('EVENTS_MISSING');
      expect(message).toContain('credential_events');
      expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
      expect((await rejection(vault.deleteTenantStripeConfig(tenant)))[0]).toBe('EVENTS_MISSING');
      expect((await rejection(vault.listTenantCredentialEvents(tenant)))[0]).toBe('EVENTS_MISSING');
      await vault.migrateTenant(tenant);
      await vault.saveTenantStripeConfig(tenant, inputFor('stripe'));
      expect(await named()).toEqual([['credential.saved', 'stripe']]);
    },
  );

  test('without credential tables the error says so, as it does without events', async () => {
    const nobody = newSlug();
    expect((await rejection(vault.saveTenantStripeConfig(nobody, inputFor('stripe'))))[0]).toBe(
      'TENANT_NOT_FOUND',
    );
    expect((await rejection(vault.listTenantCredentialEvents(nobody)))[0]).toBe('TENANT_NOT_FOUND');
  });

  test('nothing is written where events are off', async () => {
    configure({ events: false });
    await vault.saveTenantStripeConfig(tenant, inputFor('stripe'), { actor: ACTOR });
    configure();
    expect(await vault.listTenantCredentialEvents(tenant)).toEqual([]);
  });

  test('no event has a secret or ciphertext', async () => {
    const { secretKey } = inputFor('stripe');
    const saved = await vault.saveTenantStripeConfig(tenant, inputFor('stripe'), { actor: ACTOR });
    const { rows } = await sql(
      `select to_jsonb(t)::text as event from ${schemaOf(tenant)}.tenant_credential_events as t`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].event).not.toContain(secretKey);
    expect(rows[0].event).not.toContain(saved.secretKeyEncrypted);
  });
});

describe('actors', () => {
  test('an actor needs a type, and its texts become one short line each', async () => {
    const save = (actor: unknown) =>
      vault.saveTenantStripeConfig(tenant, inputFor('stripe'), { actor: actor as never });
    for (const wrong of [null, 'user', {}, { type: 7 }, { id: 'user-1' }]) {
      expect((await rejection(save(wrong)))[0]).toBe('INPUT_INVALID');
    }
    await save({ type: 'user', id: `a\n\0b${'x'.repeat(300)}`, address: 7 });
    const [event] = await vault.listTenantCredentialEvents(tenant);
    expect(event?.actor).toEqual({ type: 'user', id: `a  b${'x'.repeat(196)}` });
  });

  (ON_EDGE ? test.skip : test)('runAs names the actor of all that is called below', async () => {
    await vault.runAs(ACTOR, async () => {
      await Promise.all([
        vault.saveTenantCredential(tenant, 'mux', { apiKey: 'id', apiSecret: 's' }),
        vault.saveTenantStripeConfig(tenant, inputFor('stripe'), { actor: { type: 'job' } }),
      ]);
    });
    await vault.deleteTenantCredential(tenant, 'mux');
    const events = await vault.listTenantCredentialEvents(tenant);
    const actorOf = (name: string, service: string) =>
      events.find((event) => event.event === name && event.service === service)?.actor;
    expect(actorOf('credential.saved', 'mux')).toEqual(ACTOR);
    expect(actorOf('credential.saved', 'stripe')).toEqual({ type: 'job' });
    expect(actorOf('credential.disconnected', 'mux')).toBeNull();
  });

  (ON_EDGE ? test : test.skip)('runAs says that the edge has no such thing', async () => {
    expect((await rejection(vault.runAs(ACTOR, () => 1)))[0]).toBe('RUNTIME_UNSUPPORTED');
  });

  test('routes name the user, and a failing onEvent does not undo what was done', async () => {
    const reports: RouteReport[] = [];
    const routes = createCredentialRoutes({
      authorize: () => ({ tenantId: tenant, userId: 'user-1', role: 'admin', requestId: 'req-1' }),
      onEvent: () => {
        throw new Error('the log is full');
      },
      onError: (report) => void reports.push(report),
    });
    const response = await routes.save(
      new Request('https://shop.example/api/admin/integrations/credentials/stripe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(inputFor('stripe')),
      }),
    );
    expect(response.status).toBe(200);
    expect(reports).toMatchObject([{ status: 200, error: new Error('the log is full') }]);
    const [event] = await vault.listTenantCredentialEvents(tenant);
    expect(event?.actor).toEqual({ type: 'user', id: 'user-1', requestId: 'req-1' });
  });
});

describe('reads', () => {
  const reads = async () => (await named()).filter(([event]) => event === 'credential.read').length;

  test.each([
    ['off', 0],
    ['first', 1],
    ['all', 3],
  ] as const)('%s: %i of three', async (auditReads, expected) => {
    configure({ auditReads });
    await vault.saveTenantCredential(tenant, 'mux', { apiKey: 'id', apiSecret: 'secret' });
    expect(await vault.getTenantApiKey(tenant, 'mux')).toBe('id');
    expect(await vault.getTenantApiKeyAndSecret(tenant, 'mux')).toEqual({
      apiKey: 'id',
      apiSecret: 'secret',
    });
    expect(await vault.getTenantMuxWebhookSecret(tenant)).toBeNull();
    expect(await reads()).toBe(expected);
  });

  test('auditing reads without events is refused', () => {
    expect(() => configure({ events: false, auditReads: 'all' })).toThrow('auditReads');
    expect(() => configure({ auditReads: 'some' })).toThrow('auditReads must be one of');
  });
});

describe('pages and exports', () => {
  beforeEach(async () => {
    for (const apiKey of ['sk-1', 'sk-2', 'sk-3']) {
      await vault.saveTenantCredential(tenant, 'openai', { apiKey });
    }
  });

  test('a page goes on where the one before ended', async () => {
    const first = await vault.listTenantCredentialEvents(tenant, { limit: 2 });
    const second = await vault.listTenantCredentialEvents(tenant, {
      limit: 2,
      before: first.at(-1)?.seq,
    });
    const numbers = [...first, ...second].map(({ seq }) => seq);
    expect(numbers).toHaveLength(3);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
  });

  test.each([0, 1001, 1.5, '10'])('a limit of %j is refused', async (limit) => {
    const list = vault.listTenantCredentialEvents(tenant, { limit: limit as number });
    expect((await rejection(list))[0]).toBe('INPUT_INVALID');
  });

  test.each([-1, 1.5, 1e300, '1; drop table x'])('a cursor of %j is refused', async (before) => {
    const list = vault.listTenantCredentialEvents(tenant, { before: before as number });
    expect((await rejection(list))[0]).toBe('INPUT_INVALID');
  });

  test('an export has one object a line, the first event first', async () => {
    let text = '';
    for await (const line of vault.exportTenantCredentialEvents(tenant)) {
      text += line;
    }
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(Array(3).fill('credential.saved'));
    const rest: string[] = [];
    for await (const line of vault.exportTenantCredentialEvents(tenant, events[1].seq)) {
      rest.push(line);
    }
    expect(rest).toHaveLength(1);
  });
});

describe('the chain', () => {
  const table = () => `${schemaOf(tenant)}.tenant_credential_events`;

  beforeEach(async () => {
    for (const apiKey of ['sk-1', 'sk-2', 'sk-3']) {
      await vault.saveTenantCredential(tenant, 'openai', { apiKey });
    }
  });

  test('is intact, and grows with what is sealed later', async () => {
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({
      intact: true,
      sealed: 3,
      unsealed: 0,
      head: { position: 3 },
    });
    await vault.deleteTenantCredential(tenant, 'openai');
    expect(await vault.sealTenantCredentialEvents(tenant)).toBe(1);
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({
      intact: true,
      sealed: 4,
    });
  });

  test.each([
    ['removed', 'delete from TABLE where position = 2', 2, 'missing'],
    [
      'removed, the others moved up',
      'delete from TABLE where position = 2; update TABLE set position = 2 where position = 3',
      2,
      'changed',
    ],
    ['changed', `update TABLE set outcome = 'valid' where position = 2`, 2, 'changed'],
    [
      'given another actor',
      `update TABLE set actor_id = 'user-2' where position = 1`,
      1,
      'changed',
    ],
    [
      'given another time',
      `update TABLE set occurred_at = occurred_at - interval '1 ms' where position = 3`,
      3,
      'changed',
    ],
    [
      'put in',
      `update TABLE set position = position + 1 where position = 3; insert into TABLE (tenant_id, event, service, position, mac, sealed_under) select tenant_id, event, service, 3, mac, sealed_under from TABLE where position = 2`,
      3,
      'changed',
    ],
  ])('shows that an event was %s', async (_, change, position, problem) => {
    await vault.sealTenantCredentialEvents(tenant);
    await sql(change.replaceAll('TABLE', table()));
    const report = await vault.verifyTenantCredentialEvents(tenant);
    expect(report.intact).toBe(false);
    expect(report.problems).toContainEqual({ position, problem });
  });

  test('shows that the end was cut off to who kept the head', async () => {
    const { head } = await vault.verifyTenantCredentialEvents(tenant);
    expect(await vault.verifyTenantCredentialEvents(tenant, head)).toMatchObject({ intact: true });
    await sql(`delete from ${table()} where position = 3`);
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
    expect(await vault.verifyTenantCredentialEvents(tenant, head)).toMatchObject({
      intact: false,
      problems: [{ position: 3, problem: 'missing' }],
    });
  });

  test('goes on under another key, and says what it cannot check without the former', async () => {
    await vault.sealTenantCredentialEvents(tenant);
    configure({ previousEncryptionKeys: [KEY] }, OTHER_KEY);
    await vault.deleteTenantCredential(tenant, 'openai');
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({
      intact: true,
      sealed: 4,
    });
    configure({}, OTHER_KEY);
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({
      intact: false,
      unverifiable: 3,
      problems: [],
    });
  });

  test('has each event once, whoever seals at the same time', async () => {
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        await vault.saveTenantCredential(tenant, 'anthropic', { apiKey: `sk-ant-${index}` });
        await vault.sealTenantCredentialEvents(tenant);
      }),
    );
    expect(await vault.verifyTenantCredentialEvents(tenant)).toMatchObject({
      intact: true,
      sealed: 15,
      unsealed: 0,
    });
  });

  test('needs a key that was generated, because another could be guessed from its MACs', async () => {
    configure({}, 'a passphrase of more than 32 characters');
    expect((await rejection(vault.sealTenantCredentialEvents(tenant)))[0]).toBe('KEY_INVALID');
  });
});
