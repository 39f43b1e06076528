// A life of credentials with events, verifications, refusals and deliveries: nothing that is sent, stored or
// printed on the way has a secret in it.
//
// At length, 50 tenants with all services: `npm run fuzz -- --only event-secrets --cases 10000`.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import {
  createIntegrations,
  mailSink,
  SERVICE_CATALOG,
  slackSink,
  webhookSink,
} from '@cgk-platform/integrations/native';
import { expect, jest, test } from '@jest/globals';
import { atLength, LENGTH_MS, report } from '../kit/campaign';
import { runCli } from '../kit/cli';
import { Clock, MINUTE_MS } from '../kit/clock';
import { newDatabase, newSlug, sql } from '../kit/database';
import { startFakeVendors } from '../kit/fake-vendors';
import { Random } from '../kit/random';
import { SERVICES } from '../kit/services';

const TENANTS = atLength(2, 0.005);
const SERVICE_IDS = SERVICE_CATALOG.map(({ id }) => id);
const ENCRYPTION_KEY = 'ab'.repeat(32);
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of the receiver').toString('base64')}`;

test(
  'no secret of the run is in bodies, tables or logs',
  async () => {
    const random = new Random('event-secrets');
    const seen: string[] = [];
    const see = (...values: unknown[]) => {
      seen.push(...values.map((value) => (typeof value === 'string' ? value : inspect(value))));
    };
    const receiver = createServer(async (request, response) => {
      see(request.url, request.headers, await text(request));
      response.end('ok');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const sinks = [
      webhookSink({ url, secrets: [WEBHOOK_SECRET] }),
      slackSink({ url: `${url}/slack` }),
      mailSink({ to: () => 'admin@example.com', send: (mail) => see(mail) }),
    ];
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      jest.spyOn(console, method).mockImplementation(see);
    }
    jest.spyOn(process, 'emitWarning').mockImplementation(see as never);

    const databaseUrl = await newDatabase(newSlug());
    const vendors = await startFakeVendors();
    const checks: Promise<void>[] = [];
    const vault = createIntegrations({
      databaseUrl,
      encryptionKey: ENCRYPTION_KEY,
      tokenFormat: 'v2',
      events: true,
      auditReads: 'all',
      endpoints: vendors.endpoints,
      onVendorRefusal: (refusal) => checks.push(refusal.checked.then(() => see(refusal))),
    });
    const clock = new Clock();
    const words: string[] = [];
    const tenants = Array.from({ length: TENANTS }, (_, number) => `shop_${number}`);
    for (const tenant of tenants) {
      await vault.createTenant(tenant);
      for (const service of SERVICE_IDS) {
        const word = random.hex(6);
        words.push(word);
        const behaviour = random.pick(['right', 'wrong', 'restricted', 'broken']);
        const input = SERVICES[service].input(`${word}${behaviour}`);
        await vault.saveTenantCredential(tenant, service, input as never, {
          actor: { type: 'user', id: 'user-1', address: '192.0.2.1' },
          expiresAt: new Date(Date.now() + 5 * 24 * 60 * MINUTE_MS),
        });
        // What the vendor refuses is handed to the caller; what of it is printed is not ours.
        await callClient(vault, tenant, service).catch(() => {});
      }
    }
    await Promise.all(checks);
    for (let minute = 0; minute < 3; minute += 1) {
      see(await vault.verifyDueCredentials({ maxPerVendorPerSecond: 1_000, onIncident: see }));
      see(await vault.deliverCredentialEvents({ sinks }));
      clock.advance(2 * MINUTE_MS);
    }
    const environment = {
      POSTGRES_URL: databaseUrl,
      INTEGRATION_ENCRYPTION_KEY: ENCRYPTION_KEY,
      INTEGRATION_EVENTS: 'true',
    };
    see(await runCli(['events', 'verify', '--all'], environment));
    for (const tenant of tenants) {
      see(await runCli(['events', 'export', '--tenant', tenant], environment));
      see(await vault.getCredentialHealth(tenant));
      for (const table of await tablesOf(tenant, databaseUrl)) {
        const { rows } = await sql(
          `select stored::text as row from tenant_${tenant}.${table} as stored`,
          [],
          databaseUrl,
        );
        see(...rows.map(({ row }) => row));
      }
    }
    jest.restoreAllMocks();
    clock.stop();
    await vault.close();
    await vendors.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));

    const secrets = [...words, 'r2-secret', ENCRYPTION_KEY, WEBHOOK_SECRET];
    const everything = seen.join('\n');
    const characters = everything.length;
    report({ campaign: 'event-secrets', outcomes: { secrets: secrets.length, characters } });
    expect(everything).toContain('credential.failing');
    expect(everything).toContain('credential.expiring');
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  },
  LENGTH_MS,
);

async function callClient(
  vault: ReturnType<typeof createIntegrations>,
  tenant: string,
  service: (typeof SERVICE_IDS)[number],
): Promise<void> {
  const { name, call } = SERVICES[service].client;
  const client = await vault[`requireTenant${name}Client`](tenant);
  await call(client as never, { onEdge: false, s3: require('@aws-sdk/client-s3') });
}

async function tablesOf(tenant: string, url: string): Promise<string[]> {
  const { rows } = await sql(
    `select table_name as name from information_schema.tables where table_schema = $1`,
    [`tenant_${tenant}`],
    url,
  );
  return rows.map(({ name }) => name);
}
