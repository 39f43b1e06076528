// The WebAssembly backend over each driver, and over drivers that misbehave.

import * as vault from '@cgk-platform/integrations/wasm';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { neon, neonConfig } from '@neondatabase/serverless';
import pg from 'pg';
import { databaseUrl, newSlug } from '../kit/database';
import { type NeonProxy, startNeonProxy } from '../kit/neon-proxy';

const encryptionKey = 'driver-tests-master-key-0123456789abcdef';
let proxy: NeonProxy;
let pool: pg.Pool;
let database: PGlite;

beforeAll(async () => {
  proxy = await startNeonProxy(databaseUrl());
  neonConfig.fetchEndpoint = proxy.endpoint;
  pool = new pg.Pool({ connectionString: databaseUrl() });
  database = await PGlite.create();
});

afterAll(async () => {
  await Promise.all([proxy.close(), pool.end(), database.close()]);
});

const DRIVERS: [string, () => vault.DatabaseDriver][] = [
  ['pg', () => vault.pgDriver(pool)],
  ['@neondatabase/serverless over HTTP', () => vault.neonDriver(neon(databaseUrl()))],
  ['PGlite', () => vault.pgliteDriver(database)],
  ['a driver that answers with arrays', () => arrayDriver()],
];

/** Some drivers can only give rows as arrays. */
function arrayDriver(): vault.DatabaseDriver {
  return {
    query: async (text, values) => {
      const { rows } = await pool.query({ text, values, rowMode: 'array' });
      return rows;
    },
  };
}

test('the driver of a client is one however often it is asked for, so that the settings stay the same', async () => {
  const sql = neon(databaseUrl());
  expect(vault.pgDriver(pool)).toBe(vault.pgDriver(pool));
  expect(vault.pgliteDriver(database)).toBe(vault.pgliteDriver(database));
  expect(vault.neonDriver(sql)).toBe(vault.neonDriver(sql));
  expect(vault.neonDriver(sql)).not.toBe(vault.neonDriver(neon(databaseUrl())));
  expect(vault.pgDriver(new pg.Pool())).not.toBe(vault.pgDriver(pool));
  expect(vault.pgDriver(undefined as never)).toEqual({ query: expect.any(Function) });

  const tenant = newSlug();
  const configure = () =>
    vault.configureIntegrations({ driver: vault.pgDriver(pool), encryptionKey });
  configure();
  await vault.createTenant(tenant);
  await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
  const client = await vault.getTenantOpenAIClient(tenant);
  configure();
  expect(await vault.getTenantOpenAIClient(tenant)).toBe(client);
});

const LAYOUTS = ['schema', 'shared'] as const;

describe.each(
  DRIVERS.flatMap(([name, driver]) => LAYOUTS.map((layout) => [name, layout, driver] as const)),
)('%s, layout %s', (_name, layout, driver) => {
  const tenant = newSlug();

  beforeAll(async () => {
    vault.configureIntegrations({ driver: driver(), encryptionKey, layout });
    await vault.createTenant(tenant);
  });

  test('runs the migration, saves, reads and disconnects', async () => {
    await vault.migrateTenant(tenant);
    expect(await vault.listTenants()).toContain(tenant);
    const saved = await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_1',
      webhookSecret: 'wh_1',
      livemode: true,
    });
    expect(saved).toMatchObject({ livemode: true, createdAt: expect.any(Date) });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
    await vault.saveTenantApiCredential(tenant, {
      serviceName: 'mux',
      apiKey: 'id',
      metadata: { a: [1, 'ünï'] },
    });
    expect(await vault.getAllTenantApiCredentials(tenant)).toMatchObject([
      { metadata: { a: [1, 'ünï'] } },
    ]);
    await vault.updateStripeConfigVerification(tenant, true, { accountId: 'acct_1' });
    expect(await vault.getTenantCredentialStatuses(tenant)).toHaveLength(
      vault.SERVICE_CATALOG.length,
    );
    expect(await vault.deleteTenantStripeConfig(tenant)).toBe(true);
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
  });

  test('its errors get their codes', async () => {
    const missing = vault.getTenantStripeConfig(newSlug());
    await expect(missing).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
  });
});

test('a call is one HTTP request, a save two', async () => {
  const tenant = newSlug();
  vault.configureIntegrations({ driver: vault.neonDriver(neon(databaseUrl())), encryptionKey });
  await vault.createTenant(tenant);
  const calls: [() => Promise<unknown>, number][] = [
    [() => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', webhookSecret: 'wh' }), 2],
    [() => vault.getTenantStripeSecretKey(tenant), 1],
    [() => vault.getTenantCredentialStatuses(tenant), 1],
    [() => vault.migrateTenant(tenant), 1],
  ];
  for (const [call, requests] of calls) {
    const before = proxy.requests();
    await call();
    expect(proxy.requests() - before).toBe(requests);
  }
});

describe('a driver that misbehaves', () => {
  const secret = 'secret-in-an-error';
  const cases: [string, vault.DatabaseDriver['query'], string][] = [
    ['rejects', () => Promise.reject(new Error(secret)), 'DATABASE_UNAVAILABLE'],
    [
      'throws',
      () => {
        throw new Error(secret);
      },
      'DATABASE_UNAVAILABLE',
    ],
    ['rejects with nothing', () => Promise.reject(undefined), 'DATABASE_UNAVAILABLE'],
    [
      'rejects with a code of its own',
      () => Promise.reject({ code: secret }),
      'DATABASE_UNAVAILABLE',
    ],
    ['rejects with a SQLSTATE', () => Promise.reject({ code: '25006' }), 'DATABASE_READ_ONLY'],
    ['answers undefined', async () => undefined as never, 'DRIVER_INVALID'],
    ['answers a string', async () => secret as never, 'DRIVER_INVALID'],
    ['answers an object without rows', async () => ({}) as never, 'DRIVER_INVALID'],
    ['answers rows of two columns', async () => [{ a: '{}', b: '{}' }], 'DRIVER_INVALID'],
    ['answers parsed JSON', async () => [{ answer: { id: secret } }], 'DRIVER_INVALID'],
    ['answers null rows', async () => [null], 'DRIVER_INVALID'],
    ['answers JSON of another shape', async () => [{ answer: '{"id":1}' }], 'STORED_DATA_INVALID'],
    ['answers broken JSON', async () => [{ answer: `{${secret}` }], 'STORED_DATA_INVALID'],
  ];

  test.each(cases)('%s', async (_name, query, code) => {
    vault.configureIntegrations({ driver: { query }, encryptionKey });
    const error = await vault.getTenantStripeConfig('acme').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String((error as Error).message)).not.toContain(secret);
  });

  test.each([
    ['without a code', new Error(secret), 'DATABASE_OUTCOME_UNKNOWN'],
    ['ECONNRESET', { code: 'ECONNRESET' }, 'DATABASE_OUTCOME_UNKNOWN'],
    ['EPIPE, which is no SQLSTATE', { code: 'EPIPE' }, 'DATABASE_OUTCOME_UNKNOWN'],
    ['a pooler that lost the server', { code: '08006' }, 'DATABASE_OUTCOME_UNKNOWN'],
    ['ECONNREFUSED: it was never sent', { code: 'ECONNREFUSED' }, 'DATABASE_UNAVAILABLE'],
    ['a refusal', { code: '25006' }, 'DATABASE_READ_ONLY'],
  ])('the answer to a save is lost (%s): it is not repeated', async (_name, failure, code) => {
    const tenant = newSlug();
    const working = vault.pgDriver(pool);
    let saves = 0;
    vault.configureIntegrations({
      encryptionKey,
      driver: {
        async query(text, params) {
          const answer = await working.query(text, params);
          if (/^(with \w+ as \()?\s*insert/.test(text)) {
            saves += 1;
            throw failure;
          }
          return answer;
        },
      },
    });
    await vault.createTenant(tenant);
    const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    const error = await save.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain(secret);
    expect(saves).toBe(1);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
  });

  test.each([
    ['without a code', new Error(secret), 2],
    ['ECONNRESET', { code: 'ECONNRESET' }, 2],
    ['a busy server', { code: '40001' }, 2],
    ['a refusal', { code: '42501' }, 1],
  ])(
    'a read that fails (%s) is sent again where that may help, once',
    async (_name, failure, sent) => {
      let reads = 0;
      vault.configureIntegrations({
        encryptionKey,
        driver: {
          query: () => {
            reads += 1;
            return Promise.reject(failure);
          },
        },
      });
      await expect(vault.getTenantStripeConfig('acme')).rejects.toThrow();
      expect(reads).toBe(sent);
    },
  );

  test('a failing driver does not spoil the next call', async () => {
    const tenant = newSlug();
    let broken = false;
    const working = vault.pgDriver(pool);
    vault.configureIntegrations({
      encryptionKey,
      driver: {
        query: (text, params) =>
          broken ? Promise.reject(new Error('lost')) : working.query(text, params),
      },
    });
    await vault.createTenant(tenant);
    broken = true;
    const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    await expect(save).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    broken = false;
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_1');
  });
});
