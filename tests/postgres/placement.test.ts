// Tenants in several databases: each call reaches the one that the function `databaseUrl` names.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { IntegrationError, Integrations } from '@cgk-platform/integrations/native';
import { createIntegrations } from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { databaseUrl, newDatabase, newSlug, sql } from '../kit/database';
import type * as Postgres from '../kit/postgres.mjs';
import { TABLES } from '../kit/tables';
import { temporaryFolder } from '../kit/temporary.cjs';
import { until } from '../kit/until';

type Placement = (tenantId: string) => string | Promise<string>;

const encryptionKey = '5e'.repeat(32);
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nowhere';
let second: Postgres.Server;
const opened: Integrations[] = [];
const [here, there] = [newSlug(), newSlug()];

beforeAll(async () => {
  const { startPostgres } = (await import('../kit/postgres.mjs')) as typeof Postgres;
  const directory = join(temporaryFolder('second-server'), 'data');
  second = await startPostgres({ directory, isNew: true, persistent: false });
  const vault = open(placement);
  await Promise.all([vault.createTenant(here), vault.createTenant(there)]);
});
afterEach(() => Promise.all(opened.splice(0).map((vault) => vault.close())));
afterAll(() => second.stop());

function placement(tenantId: string): string {
  return tenantId === there ? second.url : databaseUrl();
}

function open(databaseUrl: Placement, options: object = {}): Integrations {
  const vault = createIntegrations({ encryptionKey, databaseUrl, ...options });
  opened.push(vault);
  return vault;
}

function named(url: string, name: string): string {
  const named = new URL(url);
  named.searchParams.set('application_name', name);
  return named.href;
}

async function connections(name: string, url: string): Promise<number> {
  const text = 'select from pg_stat_activity where application_name = $1';
  const { rowCount } = await sql(text, [name], url);
  return rowCount ?? 0;
}

async function rejection(call: Promise<unknown>): Promise<IntegrationError> {
  return call.then(
    () => {
      throw new Error('It did not reject');
    },
    (error) => error,
  );
}

function save(vault: Integrations, tenantId: string, secretKey: string) {
  return vault.saveTenantStripeConfig(tenantId, { secretKey });
}

test('a tenant is read and written in the database that has it, and in no other', async () => {
  const vault = open(async (tenantId) => placement(tenantId));
  await save(vault, here, 'sk_test_here');
  await save(vault, there, 'sk_test_there');
  expect(await vault.getTenantStripeSecretKey(here)).toBe('sk_test_here');
  expect(await vault.getTenantStripeSecretKey(there)).toBe('sk_test_there');
  const count = `select from pg_namespace where nspname = $1`;
  expect((await sql(count, [`tenant_${there}`])).rowCount).toBe(0);
  expect((await sql(count, [`tenant_${here}`], second.url)).rowCount).toBe(0);
});

test('each database has one pool of at most maxConnections', async () => {
  const name = newSlug();
  const vault = open((tenantId) => named(placement(tenantId), name), { maxConnections: 2 });
  const reads = [here, there].flatMap((tenantId) =>
    Array.from({ length: 20 }, () => vault.getTenantStripeConfig(tenantId)),
  );
  await Promise.all(reads);
  for (const url of [databaseUrl(), second.url]) {
    expect([1, 2]).toContain(await connections(name, url));
  }
});

test('the pool that was not used for longest is closed where maxDatabases are open', async () => {
  const name = newSlug();
  const vault = open((tenantId) => named(placement(tenantId), name), { maxDatabases: 1 });
  await vault.getTenantStripeConfig(here);
  // The read that is under way ends on its own pool.
  const read = vault.getTenantStripeConfig(here);
  await vault.getTenantStripeConfig(there);
  await read;
  await until(async () => (await connections(name, databaseUrl())) === 0);
  expect(await connections(name, second.url)).toBe(1);
  await vault.getTenantStripeConfig(here);
});

test('a database that is down takes no other one along', async () => {
  const vault = open((tenantId) => (tenantId === there ? NOWHERE : databaseUrl()), {
    connectTimeoutMs: 500,
  });
  const [down, up] = await Promise.allSettled([
    vault.getTenantStripeConfig(there),
    vault.getTenantStripeConfig(here),
  ]);
  expect(down).toMatchObject({ reason: { code: 'DATABASE_UNAVAILABLE' } });
  expect(up.status).toBe('fulfilled');
});

test('calls that wait for a database which says nothing hold up no other tenant', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const nowhere = `postgres://nobody@127.0.0.1:${port}/nowhere`;
  const vault = open((tenantId) => (tenantId === there ? nowhere : databaseUrl()), {
    connectTimeoutMs: 5_000,
    maxConnections: 2,
  });
  let ended = 0;
  const waiting = Array.from({ length: 50 }, async () => {
    const { code } = await rejection(vault.getTenantStripeConfig(there));
    ended += 1;
    return code;
  });
  await Promise.all(Array.from({ length: 50 }, () => vault.getTenantStripeConfig(here)));
  await save(vault, here, 'sk_test_meanwhile');
  expect(ended).toBe(0);
  const codes = new Set(await Promise.all(waiting));
  expect(['DATABASE_TIMEOUT', 'DATABASE_UNAVAILABLE']).toEqual(expect.arrayContaining([...codes]));
  silent.close();
});

test('a report on keys covers the tenants of several databases that are named', async () => {
  const vault = open(placement);
  await save(vault, here, 'sk_test_here');
  await save(vault, there, 'sk_test_there');
  expect(await vault.rotateEncryptionKeys({ tenants: [here, there] })).toMatchObject({
    tenants: 2,
    failures: [],
  });
});

describe('a function that gives no URL', () => {
  const cases: [string, Placement, string][] = [
    [
      'throws',
      () => {
        throw new Error('no route with password hunter2');
      },
      'it failed',
    ],
    ['rejects', () => Promise.reject(new Error('password hunter2')), 'it failed'],
    ['never answers', () => new Promise(() => undefined), 'it did not answer in time'],
    ['gives a number', () => 5432 as never, 'it gave no string'],
    ['gives nothing', () => undefined as never, 'it gave no string'],
    ['gives an empty text', () => ' ', 'it gave no string'],
  ];

  test.each(cases)(
    '%s: that tenant alone fails, by a code and without its words',
    async (_, broken, why) => {
      const vault = open((tenantId) => (tenantId === there ? broken(tenantId) : databaseUrl()), {
        connectTimeoutMs: 100,
      });
      const { code, message } = await rejection(vault.getTenantStripeConfig(there));
      expect({ code, message }).toEqual({
        code: 'PLACEMENT_FAILED',
        message: `The function databaseUrl gave no URL for tenant ${there}, because ${why}`,
      });
      expect((await rejection(vault.getTenantStripeClient(there))).code).toBe('PLACEMENT_FAILED');
      await expect(vault.getTenantStripeConfig(here)).resolves.toBeDefined();
    },
  );

  test('and is asked again by the next call', async () => {
    let asked = 0;
    const vault = open(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('away')) : databaseUrl();
    });
    await rejection(vault.getTenantStripeConfig(here));
    await expect(vault.getTenantStripeConfig(here)).resolves.toBeDefined();
  });
});

describe('a function that changes its mind', () => {
  /** The same tenant in both databases, as after a move whose old schema is still there. */
  async function inBoth(): Promise<string> {
    const tenantId = newSlug();
    for (const [url, secretKey] of [
      [databaseUrl(), 'sk_test_one'],
      [second.url, 'sk_test_other'],
    ] as const) {
      const vault = open(() => url);
      await vault.createTenant(tenantId);
      await save(vault, tenantId, secretKey);
    }
    return tenantId;
  }

  test('is asked once for a call, all of which reaches one database', async () => {
    const tenantId = await inBoth();
    let asked = 0;
    const vault = open(() => {
      asked += 1;
      return asked % 2 === 0 ? databaseUrl() : second.url;
    });
    const before = asked;
    const keys = await Promise.all(
      Array.from({ length: 20 }, () => vault.getTenantStripeSecretKey(tenantId)),
    );
    expect(asked - before).toBe(20);
    expect(keys.filter((key) => key === 'sk_test_one')).toHaveLength(10);
    expect(keys.filter((key) => key === 'sk_test_other')).toHaveLength(10);
    // A save reads and then writes: what it keeps is of the database that it writes to.
    for (const webhookSecret of ['whsec_1', 'whsec_2', 'whsec_3', 'whsec_4']) {
      await vault.saveTenantStripeConfig(tenantId, { webhookSecret } as never);
    }
    expect(await open(() => databaseUrl()).getTenantStripeSecretKey(tenantId)).toBe('sk_test_one');
    expect(await open(() => second.url).getTenantStripeSecretKey(tenantId)).toBe('sk_test_other');
  });

  test('gives clients of the database that it names now', async () => {
    const tenantId = await inBoth();
    let place = databaseUrl();
    const vault = open(() => place);
    const keyOf = async () => {
      const client = await vault.requireTenantStripeClient(tenantId);
      const { _authenticator: authenticate } = client as unknown as {
        _authenticator: (request: { headers: Record<string, string> }) => Promise<void>;
      };
      const request = { headers: {} as Record<string, string> };
      await authenticate(request);
      return request.headers.Authorization;
    };
    for (const [url, key] of [
      [databaseUrl(), 'sk_test_one'],
      [second.url, 'sk_test_other'],
      [databaseUrl(), 'sk_test_one'],
    ] as const) {
      place = url;
      expect(await keyOf()).toBe(`Bearer ${key}`);
    }
  });
});

test('a process that still names the old place of a moved tenant reads nothing there, once it is dropped', async () => {
  const tenantId = newSlug();
  const late = open(() => databaseUrl());
  await late.createTenant(tenantId);
  await save(late, tenantId, 'sk_test_old');
  const cached = await late.requireTenantStripeClient(tenantId);
  const moved = open(() => second.url);
  await moved.createTenant(tenantId);
  await save(moved, tenantId, 'sk_test_new');
  await sql(`drop schema tenant_${tenantId} cascade`);
  expect((await rejection(late.getTenantStripeSecretKey(tenantId))).code).toBe('TENANT_NOT_FOUND');
  // A client that it has cached is the tenant's own, of before the move; a change that fails gives it up.
  expect(await late.requireTenantStripeClient(tenantId)).toBe(cached);
  expect((await rejection(save(late, tenantId, 'sk_test_late'))).code).toBe('TENANT_NOT_FOUND');
  expect((await rejection(late.requireTenantStripeClient(tenantId))).code).toBe('TENANT_NOT_FOUND');
  expect(await moved.getTenantStripeSecretKey(tenantId)).toBe('sk_test_new');
});

test('a database that comes back is used again, without another configuration', async () => {
  let place = NOWHERE;
  const vault = open(() => place, { connectTimeoutMs: 500 });
  expect((await rejection(vault.getTenantStripeConfig(here))).code).toBe('DATABASE_UNAVAILABLE');
  place = databaseUrl();
  await expect(vault.getTenantStripeConfig(here)).resolves.toBeDefined();
});

test('what is no slug does not reach the function', async () => {
  const asked: unknown[] = [];
  const vault = open((tenantId) => {
    asked.push(tenantId);
    return databaseUrl();
  });
  for (const tenantId of ['', 'a;b', '../x', undefined, { toString: () => here }]) {
    const read = rejection(vault.getTenantStripeConfig(tenantId as never));
    const client = rejection(vault.getTenantStripeClient(tenantId as never));
    expect([(await read).code, (await client).code]).toEqual(['TENANT_INVALID', 'TENANT_INVALID']);
  }
  expect(asked).toEqual([]);
});

test('what one database only can answer is refused', async () => {
  const vault = open(placement);
  const refusal = await rejection(vault.listTenants());
  expect(refusal.code).toBe('CONFIG_INVALID');
  expect(refusal.message).toContain('name the tenants');
  const driver = { query: async () => [] };
  expect(() => open(placement, { driver })).toThrow('driver reaches one database');
});

/** Copies the rows of a tenant's tables, and what follows the highest number of its events. */
async function copyRows(
  from: { url: string; schema: string },
  to: { url: string; schema: string },
  tenantId: string,
): Promise<void> {
  for (const table of TABLES) {
    const { rows } = await sql(
      `select to_jsonb(t) as row from ${from.schema}.${table} as t where tenant_id = $1`,
      [tenantId],
      from.url,
    );
    const target = `${to.schema}.${table}`;
    const insert = `insert into ${target} overriding system value select * from jsonb_populate_record(null::${target}, $1)`;
    for (const { row } of rows) {
      await sql(insert, [row], to.url);
    }
  }
  await sql(
    `select setval(pg_get_serial_sequence('${to.schema}.tenant_credential_events', 'seq'), max(seq))
     from ${to.schema}.tenant_credential_events having max(seq) is not null`,
    [],
    to.url,
  );
}

async function rowsOf({ url, schema }: { url: string; schema: string }, tenantId: string) {
  const found: Record<string, unknown> = {};
  for (const table of TABLES) {
    const { rows } = await sql(
      `select to_jsonb(t) as row from ${schema}.${table} as t where tenant_id = $1 order by to_jsonb(t)::text`,
      [tenantId],
      url,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

/** Credentials, one of them disconnected, sealed events and one after them, and states. */
async function fill(vault: Integrations, tenantId: string): Promise<void> {
  await save(vault, tenantId, 'sk_test_moving');
  await vault.saveTenantWiseConfig(tenantId, { apiKey: 'wise_moving' });
  await vault.sealTenantCredentialEvents(tenantId);
  await vault.deleteTenantWiseConfig(tenantId);
  const sinks = [{ name: 'test', deliver: () => {} }];
  await vault.deliverCredentialEvents({ tenants: [tenantId], sinks });
}

/** A tenant that has moved is read and written, and its events go on where they ended. */
async function expectToGoOn(vault: Integrations, tenantId: string): Promise<void> {
  await save(vault, tenantId, 'sk_test_moved');
  expect(await vault.getTenantStripeSecretKey(tenantId)).toBe('sk_test_moved');
  const [newest] = await vault.listTenantCredentialEvents(tenantId, { limit: 1 });
  expect(newest).toMatchObject({ event: 'credential.saved', service: 'stripe' });
  await vault.sealTenantCredentialEvents(tenantId);
  expect(await vault.verifyTenantCredentialEvents(tenantId)).toMatchObject({ intact: true });
}

test('a tenant moves to another database by the documented steps: nothing is lost, nobody keeps the old place', async () => {
  const tenantId = newSlug();
  const name = `old_${newSlug()}`;
  const app = `app_${newSlug()}`;
  const schema = `tenant_${tenantId}`;
  const oldUrl = await newDatabase(name);
  let place = oldUrl;
  const admin = open(() => oldUrl);
  await admin.createTenant(tenantId);
  await sql(`create role ${app} login password 'app'`, [], oldUrl);
  await sql(`grant usage on schema ${schema} to ${app}`, [], oldUrl);
  await sql(`grant select, insert, update on all tables in schema ${schema} to ${app}`, [], oldUrl);
  const oldAppUrl = Object.assign(new URL(oldUrl), { username: app, password: 'app' }).href;
  place = oldAppUrl;
  const vault = open(() => place, { events: true });
  await fill(vault, tenantId);
  const client = await vault.requireTenantStripeClient(tenantId);

  // 1. The tables in the new database.
  await open(() => second.url).createTenant(tenantId);
  // 2. No more writes in the old one; reads go on.
  await sql(`revoke insert, update on all tables in schema ${schema} from ${app}`, [], oldUrl);
  expect((await rejection(save(vault, tenantId, 'sk_test_late'))).code).toBe('PERMISSION_DENIED');
  expect(await vault.getTenantStripeSecretKey(tenantId)).toBe('sk_test_moving');
  const audited = open(() => place, { events: true, auditReads: 'all' });
  const read = rejection(audited.getTenantStripeSecretKey(tenantId));
  expect((await read).code).toBe('PERMISSION_DENIED');
  // 3. The rows, as they are.
  const [from, to] = [
    { url: oldUrl, schema },
    { url: second.url, schema },
  ] as const;
  await copyRows(from, to, tenantId);
  expect(await rowsOf(to, tenantId)).toEqual(await rowsOf(from, tenantId));
  // 4. The new place.
  place = second.url;
  expect(await vault.requireTenantStripeClient(tenantId)).not.toBe(client);
  await expectToGoOn(vault, tenantId);
  // 5. The old one, once nobody is left who reads there.
  await sql(`drop schema ${schema} cascade`, [], oldUrl);
  expect(await vault.getTenantStripeSecretKey(tenantId)).toBe('sk_test_moved');

  await Promise.all(opened.splice(0).map((vault) => vault.close()));
  await sql(`drop database ${name} with (force)`);
  await sql(`drop role ${app}`);
});

test('a tenant of shared tables moves to another database by the documented steps: nobody writes in between', async () => {
  const tenantId = newSlug();
  const other = newSlug();
  const [oldUrl, newUrl] = [
    await newDatabase(`shared_${newSlug()}`),
    Object.assign(new URL(second.url), { pathname: `/shared_${newSlug()}` }).href,
  ];
  await sql(`create database ${new URL(newUrl).pathname.slice(1)}`, [], second.url);
  let place: string | undefined = oldUrl;
  const vault = open(
    (tenant) => {
      if (tenant !== tenantId) {
        return oldUrl;
      }
      if (place === undefined) {
        throw new Error('The tenant moves');
      }
      return place;
    },
    { layout: 'shared', events: true },
  );
  await vault.createTenant(tenantId);
  await vault.createTenant(other);
  await fill(vault, tenantId);
  await save(vault, other, 'sk_test_other');
  const client = await vault.requireTenantStripeClient(tenantId);
  const [from, to] = [
    { url: oldUrl, schema: 'vault' },
    { url: newUrl, schema: 'vault' },
  ] as const;

  // 1. The tenant in the new database.
  await open(() => newUrl, { layout: 'shared' }).createTenant(tenantId);
  // 2. No more calls for it; others go on.
  place = undefined;
  expect((await rejection(save(vault, tenantId, 'sk_test_late'))).code).toBe('PLACEMENT_FAILED');
  expect(await vault.getTenantStripeSecretKey(other)).toBe('sk_test_other');
  // 3. The rows, as they are.
  await copyRows(from, to, tenantId);
  expect(await rowsOf(to, tenantId)).toEqual(await rowsOf(from, tenantId));
  // 4. The new place.
  place = newUrl;
  expect(await vault.requireTenantStripeClient(tenantId)).not.toBe(client);
  await expectToGoOn(vault, tenantId);
  // 5. The rows in the old one.
  for (const table of [...TABLES, 'tenants']) {
    await sql(`delete from vault.${table} where tenant_id = $1`, [tenantId], oldUrl);
  }
  expect(await vault.getTenantStripeSecretKey(tenantId)).toBe('sk_test_moved');
  expect(await vault.getTenantStripeSecretKey(other)).toBe('sk_test_other');
});
