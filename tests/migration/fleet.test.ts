// Work on many tenants: what is left to do is found at once, and a tenant or a database that fails
// stops as little as possible.

import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';
import { TcpProxy } from '../kit/tcp-proxy';

const encryptionKey = 'fleet-tests-master-key-0123456789abcdef0';
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nowhere';
const TENANTS = ['acme', 'rawdog', 'third'];
const database = `fleet_${newSlug()}`;
let url: string;
let vault: Integrations;

beforeAll(async () => {
  url = await newDatabase(database);
  vault = createIntegrations({ encryptionKey, databaseUrl: url });
});
beforeEach(async () => {
  const schemas = TENANTS.map((slug) => `drop schema if exists tenant_${slug} cascade`);
  await sql(schemas.join(';'), [], url);
});
afterAll(async () => {
  await vault.close();
  await sql(`drop database ${database} with (force)`);
});

async function createTenants(): Promise<void> {
  await Promise.all(TENANTS.map((slug) => vault.createTenant(slug)));
}

/** What a migration leaves, undone in one schema. */
const UNDONE = [
  'drop table tenant_acme.tenant_stripe_config',
  'drop table tenant_acme.tenant_api_credentials',
  'drop index tenant_acme.idx_tenant_wise_config_active',
  'drop trigger tenant_resend_config_updated_at on tenant_acme.tenant_resend_config',
  'alter table tenant_acme.tenant_resend_config drop column webhook_secret_encrypted',
  'alter table tenant_acme.tenant_wise_config drop column failing_since',
];

test.each(UNDONE)(
  'a schema that lacks something is found among those that do not: %s',
  async (undo) => {
    await createTenants();
    await sql(undo, [], url);
    const found = await vault.migrateTenants({ signal: AbortSignal.abort() });
    expect(found).toEqual({
      migrated: [],
      upToDate: ['rawdog', 'third'],
      failures: [],
      remaining: ['acme'],
    });
  },
);

test('a new schema is migrated, and then there is nothing to do', async () => {
  await sql(TENANTS.map((slug) => `create schema tenant_${slug}`).join(';'), [], url);
  const { migrated, ...others } = await vault.migrateTenants({ concurrency: 2 });
  expect(migrated.sort()).toEqual(TENANTS);
  expect(others).toEqual({ upToDate: [], failures: [], remaining: [] });
  expect(await vault.migrateTenants()).toMatchObject({ migrated: [], upToDate: TENANTS });
});

test('a tenant that fails stops no other', async () => {
  await createTenants();
  const report = await vault.migrateTenants({ tenants: ['acme', 'nosuch', 'no slug', 'rawdog'] });
  expect(report.migrated.sort()).toEqual(['acme', 'rawdog']);
  expect(report.failures.map(({ tenantId, code }) => [tenantId, code]).sort()).toEqual([
    ['no slug', 'TENANT_INVALID'],
    ['nosuch', 'TENANT_NOT_FOUND'],
  ]);
});

test('a database that is away is waited for, and the tenant is done', async () => {
  await createTenants();
  const proxy = await TcpProxy.start(url);
  let cuts = 0;
  proxy.cutWhen = (sent) => {
    const cut = sent.includes('migration') && cuts < 1;
    cuts += Number(cut);
    return cut;
  };
  const through = createIntegrations({ encryptionKey, databaseUrl: proxy.url });
  const waits: string[] = [];
  const report = await through.migrateTenants({
    tenants: ['acme'],
    onWaiting: () => waits.push('waited'),
  });
  await through.close();
  await proxy.close();
  expect(report).toMatchObject({ migrated: ['acme'], failures: [] });
  expect(waits).toEqual(['waited']);
});

test('a database that stays away is given up after three tenants, and the others remain', async () => {
  const away = createIntegrations({ encryptionKey, databaseUrl: NOWHERE, connectTimeoutMs: 50 });
  const tenants = ['a', 'b', 'c', 'd', 'e'];
  const options = { tenants, concurrency: 1, waitForDatabaseMs: 1 };
  const report = await away.migrateTenants(options);
  expect(report.failures.map(({ tenantId }) => tenantId)).toEqual(['a', 'b', 'c']);
  expect(report.remaining).toEqual(['d', 'e']);
  expect(await away.rotateEncryptionKeys(options)).toMatchObject({ tenants: 3 });
  await away.close();
});

test('progress names every tenant once', async () => {
  await createTenants();
  const seen: unknown[] = [];
  await vault.migrateTenants({
    tenants: TENANTS,
    concurrency: 1,
    onProgress: (progress) => seen.push(progress),
  });
  expect(seen).toEqual([1, 2, 3].map((done) => ({ done, tenants: 3 })));
});

test.each([
  [{ concurrency: 0 }, 'concurrency must be a positive integer'],
  [{ waitForDatabaseMs: 1.5 }, 'waitForDatabaseMs must be a positive integer'],
  [{ tenants: 'acme' }, 'tenants must be an array of slugs'],
])('a wrong option is refused: %j', async (options, message) => {
  await expect(vault.migrateTenants(options as never)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `migrateTenants: ${message}`,
  });
});

test('the command gives its result as JSON, and failures with it', async () => {
  await createTenants();
  await sql('drop schema tenant_third cascade; create schema tenant_third', [], url);
  await sql('create view tenant_third.tenant_wise_config as select 1 as x', [], url);
  const result = await runCli(['migrate', '--all', '--json', '--concurrency', '2'], {
    POSTGRES_URL: url,
  });
  expect(result.status).toBe(1);
  expect(JSON.parse(result.output)).toMatchObject({
    migrated: [],
    upToDate: ['acme', 'rawdog'],
    failures: [{ tenantId: 'third', code: 'DATABASE_ERROR' }],
    remaining: [],
  });
});
