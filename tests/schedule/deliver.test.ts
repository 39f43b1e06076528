import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  createIntegrations,
  type EventSink,
  type Integrations,
  mailSink,
  resendSink,
  slackSink,
  type TenantCredentialEvent,
  webhookSink,
} from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Clock, DAY_MS, MINUTE_MS, SECOND_MS } from '../kit/clock';
import { databaseUrl, newSlug, sql } from '../kit/database';

interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NEW_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

let vault: Integrations;
let receiver: Server;
let url: string;
let received: Received[];
let status: number;
let tenant: string;
let clock: Clock;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const { headers, url = '' } = request;
    received.push({ url, headers, body: await text(request) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"id":"mail_1"}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  vault = createIntegrations({
    databaseUrl: databaseUrl(),
    encryptionKey: 'ab'.repeat(32),
    events: true,
    endpoints: { resend: url },
  });
});
afterAll(async () => {
  await vault.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
beforeEach(async () => {
  clock = new Clock();
  [received, status] = [[], 200];
  tenant = newSlug();
  await vault.createTenant(tenant);
});
afterEach(() => clock.stop());

const save = (service: 'openai' | 'mux', apiKey: string) =>
  vault.saveTenantCredential(tenant, service, {
    apiKey,
    ...(service === 'mux' && { apiSecret: 's' }),
  });

const deliver = (...sinks: EventSink[]) =>
  vault.deliverCredentialEvents({ tenants: [tenant], sinks });

/** A sink that notes what it took, and refuses what it is to refuse. */
function sink(isDown: (event: TenantCredentialEvent) => boolean = () => false, name = 'test') {
  const taken: TenantCredentialEvent[] = [];
  return {
    name,
    taken,
    deliver: (event: TenantCredentialEvent) => {
      if (isDown(event)) {
        throw new Error('down');
      }
      taken.push(event);
    },
  };
}

describe('delivery', () => {
  test('each event once, and what comes later with the next run', async () => {
    const to = sink();
    await save('openai', 'sk-1');
    await save('mux', 'id-1');
    expect(await deliver(to)).toMatchObject({ tenants: 1, delivered: 2, failed: 0, dead: [] });
    expect(await deliver(to)).toMatchObject({ delivered: 0 });
    await save('openai', 'sk-2');
    expect(await deliver(to)).toMatchObject({ delivered: 1 });
    expect(to.taken.map(({ service }) => service)).toEqual(['openai', 'mux', 'openai']);
    expect(to.taken[0]).toMatchObject({ tenantId: tenant, event: 'credential.saved', position: 1 });
  });

  test('several runs at once deliver each event once', async () => {
    const to = sink();
    for (const key of ['sk-1', 'sk-2', 'sk-3']) {
      await save('openai', key);
    }
    await Promise.all([deliver(to), deliver(to), deliver(to)]);
    expect(new Set(to.taken.map(({ id }) => id)).size).toBe(3);
    expect(to.taken).toHaveLength(3);
  });

  test('events of a service that fails wait in their order, and hold no other service up', async () => {
    let isDown = true;
    const to = sink(({ service }) => isDown && service === 'openai');
    await save('openai', 'sk-1');
    await save('mux', 'id-1');
    await save('openai', 'sk-2');
    expect(await deliver(to)).toMatchObject({ delivered: 1, failed: 1 });
    await save('mux', 'id-2');
    await save('openai', 'sk-3');
    expect(await deliver(to)).toMatchObject({ delivered: 1, failed: 0 });
    isDown = false;
    expect(await deliver(to)).toMatchObject({ delivered: 0 });
    clock.advance(6 * SECOND_MS);
    expect(await deliver(to)).toMatchObject({ delivered: 3 });
    const of = (service: string) =>
      to.taken.filter((event) => event.service === service).map(({ seq }) => seq);
    for (const numbers of [of('openai'), of('mux')]) {
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    expect([of('openai').length, of('mux').length]).toEqual([3, 2]);
  });

  test('a sink that is down for a day loses nothing, and keeps the order', async () => {
    let isDown = true;
    const to = sink(() => isDown);
    const endsAt = Date.now() + DAY_MS;
    for (let count = 0; Date.now() < endsAt; count += 1) {
      if (count % 10 === 0) {
        await save('openai', `sk-${count}`);
      }
      await deliver(to);
      clock.advance(10 * MINUTE_MS);
    }
    isDown = false;
    for (let hour = 0; hour < 30; hour += 1) {
      await deliver(to);
      clock.advance(60 * MINUTE_MS);
    }
    const numbers = to.taken.map(({ seq }) => seq);
    expect(numbers).toHaveLength(15);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('after twelve failures an event is given up, and the next ones come', async () => {
    let first: string | undefined;
    const to = sink(({ id }) => {
      first ??= id;
      return id === first;
    });
    await save('openai', 'sk-1');
    await save('openai', 'sk-2');
    const dead: unknown[] = [];
    let failed = 0;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const report = await deliver(to);
      failed += report.failed;
      dead.push(...report.dead);
      clock.advance(25 * 60 * MINUTE_MS);
    }
    expect(failed).toBe(11);
    expect(dead).toEqual([
      { sink: 'test', tenantId: tenant, eventId: first, service: 'openai', code: 'SINK_FAILED' },
    ]);
    expect(to.taken).toHaveLength(1);
  });

  test('what a run that died had claimed is delivered later', async () => {
    const to = sink();
    await save('openai', 'sk-1');
    await deliver(to);
    await save('openai', 'sk-2');
    await sql(
      `update tenant_${tenant}.tenant_credential_states
       set state = state || jsonb_build_object('claimedUntil', $1::bigint)`,
      [Date.now() + MINUTE_MS],
    );
    expect(await deliver(to)).toMatchObject({ delivered: 0 });
    clock.advance(2 * MINUTE_MS);
    expect(await deliver(to)).toMatchObject({ delivered: 1 });
  });

  test('a sink that does not answer is given up on for now', async () => {
    await save('openai', 'sk-1');
    let isAborted = false;
    const silent: EventSink = {
      name: 'silent',
      deliver: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => (isAborted = true))),
    };
    const report = await vault.deliverCredentialEvents({
      tenants: [tenant],
      sinks: [silent],
      timeoutMs: 50,
    });
    expect([report.failed, isAborted]).toEqual([1, true]);
  });

  test('a slow delivery is not begun a second time while it may still end', async () => {
    await save('openai', 'sk-1');
    const under = new EventEmitter();
    let deliveries = 0;
    const slow: EventSink = {
      name: 'slow',
      deliver: async () => {
        deliveries += 1;
        under.emit('way');
        await once(under, 'end');
      },
    };
    const run = () =>
      vault.deliverCredentialEvents({
        tenants: [tenant],
        sinks: [slow],
        timeoutMs: 10 * MINUTE_MS,
      });
    const isUnderWay = once(under, 'way');
    const first = run();
    await isUnderWay;
    clock.advance(9 * MINUTE_MS);
    expect(await run()).toMatchObject({ delivered: 0, failed: 0 });
    under.emit('end');
    expect(await first).toMatchObject({ delivered: 1 });
    expect(deliveries).toBe(1);
  });

  test('each sink gets what it asks for, and is as far as it is', async () => {
    await save('openai', 'sk-1');
    await vault.deleteTenantCredential(tenant, 'openai');
    const all = sink(undefined, 'all');
    const some = { ...sink(undefined, 'some'), events: ['credential.disconnected' as const] };
    await deliver(all, some);
    expect(all.taken).toHaveLength(2);
    expect(some.taken.map(({ event }) => event)).toEqual(['credential.disconnected']);
  });

  test.each([
    ['none', []],
    ['no function', [{ name: 'x' }]],
    ['a name of other characters', [{ name: 'a b', deliver: () => {} }]],
    ['one name twice', [sink(), sink()]],
  ])('sinks that are %s are refused', async (_, sinks) => {
    const run = vault.deliverCredentialEvents({ tenants: [tenant], sinks: sinks as never });
    await expect(run).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('sinks', () => {
  test('a webhook is signed as Standard Webhooks has it, under both secrets while one is changed', async () => {
    await save('openai', 'sk-1');
    await deliver(webhookSink({ url: `${url}/hook`, secrets: [NEW_SECRET, SECRET] }));
    const [{ headers, body }] = received as [Received];
    for (const secret of [SECRET, NEW_SECRET]) {
      const event = new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(event).toMatchObject({
        type: 'credential.saved',
        data: { tenantId: tenant, service: 'openai', fields: ['apiKey'] },
      });
    }
    expect(headers['webhook-id']).toMatch(new RegExp(`^evt_${tenant}_\\d+$`));
    const other = new Webhook(Buffer.alloc(32, 9).toString('base64'));
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
    expect(body).not.toContain('sk-1');
  });

  test('a receiver that does not answer 2xx gets it again', async () => {
    await save('openai', 'sk-1');
    status = 500;
    const to = webhookSink({ url, secrets: [SECRET] });
    expect(await deliver(to)).toMatchObject({ failed: 1 });
    status = 204;
    clock.advance(6 * SECOND_MS);
    expect(await deliver(to)).toMatchObject({ delivered: 1 });
    expect(received[0]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);
  });

  test.each([
    [{ url: 'http://shop.example', secrets: [SECRET] }],
    [{ url: 'nowhere', secrets: [SECRET] }],
    [{ url: 'https://shop.example', secrets: ['whsec_short'] }],
    [{ url: 'https://shop.example', secrets: [] }],
  ])('a webhook of %j is refused', (options) => {
    expect(() => webhookSink(options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  /** A key of OpenAI that has ended. */
  async function expire(): Promise<void> {
    const expiresAt = new Date(Date.now() - DAY_MS);
    await vault.saveTenantCredential(tenant, 'openai', { apiKey: 'sk-1' }, { expiresAt });
    await vault.verifyDueCredentials({ tenants: [tenant], signal: undefined, olderThanMs: DAY_MS });
  }

  test('mail is about what people are to do, to who is named', async () => {
    await expire();
    const mails: unknown[] = [];
    const send = (mail: unknown) => void mails.push(mail);
    await deliver(
      mailSink({ name: 'admin', to: () => 'admin@shop.example', send }),
      mailSink({ name: 'nobody', to: () => undefined, send }),
    );
    expect(mails).toEqual([
      {
        to: 'admin@shop.example',
        subject: `${tenant}: The credential of OpenAI has ended`,
        text: 'Save another one.',
      },
    ]);
  });

  test("mail by the tenant's own Resend", async () => {
    await expire();
    const to = resendSink({ to: () => 'admin@shop.example' });
    expect(await deliver(to)).toMatchObject({ failed: 0 });
    expect(received.filter(({ url }) => url === '/emails')).toEqual([]);

    await vault.saveTenantResendConfig(tenant, {
      apiKey: 're_1',
      defaultFromEmail: 'shop@shop.example',
    });
    const again = resendSink({ name: 'again', to: () => 'admin@shop.example' });
    await deliver(again);
    const [mail] = received.filter(({ url }) => url === '/emails');
    expect(JSON.parse(mail?.body ?? '{}')).toMatchObject({
      from: 'shop@shop.example',
      to: 'admin@shop.example',
      subject: `${tenant}: The credential of OpenAI has ended`,
    });
    expect(mail?.headers['idempotency-key']).toMatch(/^evt_/);
  });

  test('a message to Slack', async () => {
    await expire();
    await deliver(slackSink({ url: `${url}/services/T/B/x` }));
    const messages = received.filter(({ url }) => url === '/services/T/B/x');
    expect(messages.map(({ body }) => JSON.parse(body))).toEqual([
      { text: `*${tenant}: The credential of OpenAI has ended*\nSave another one.` },
    ]);
  });
});
