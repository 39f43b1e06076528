// What engines that spread tenants over machines need (docs/scaling.md): every statement runs through
// a pooler in transaction mode, alone, and touches the schema of one tenant.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vault from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newSlug } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { describeWithPooler, type Pooler, startPooler } from '../kit/pooler';

interface Ran {
  sql: string;
  params: (string | null)[];
}

const MUX = { serviceName: 'mux', apiKey: 'id', apiSecret: 'secret-right' } as const;

const SINK = { name: 'test', deliver: () => {} };

/** Calls that run the statements of each operation of the store ({@link OPERATIONS}). */
const CALLS: [operation: string, call: (tenant: string) => Promise<unknown>][] = [
  ['createTenant', vault.createTenant],
  ['migrateTenant', vault.migrateTenant],
  // Of the layout `schema`, the migration of nothing.
  ['migrateShared', () => vault.migrateTenants({ signal: AbortSignal.abort() })],
  ['tenantsToMove', () => vault.moveTenants({ to: 'schema', signal: AbortSignal.abort() })],
  ['tenants', vault.listTenants],
  ['tenantsToMigrate', () => vault.migrateTenants({ signal: AbortSignal.abort() })],
  ['save', (t) => vault.saveTenantStripeConfig(t, inputFor('stripe'))],
  ['save', (t) => vault.saveTenantResendConfig(t, inputFor('resend'))],
  ['save', (t) => vault.saveTenantWiseConfig(t, inputFor('wise'))],
  ['save', (t) => vault.saveTenantApiCredential(t, MUX)],
  ['saveVerified', (t) => vault.saveTenantApiCredential(t, MUX, { verify: true })],
  ['config', vault.getTenantStripeConfig],
  ['config', vault.getTenantResendConfig],
  ['config', vault.getTenantWiseConfig],
  ['config', (t) => vault.getTenantApiCredential(t, 'mux')],
  ['apiCredentials', vault.getAllTenantApiCredentials],
  ['secret', vault.getTenantStripeSecretKey],
  ['secret', vault.getTenantStripeWebhookSecret],
  ['secret', vault.getTenantResendApiKey],
  ['secret', vault.getTenantWiseApiKey],
  ['secret', vault.getTenantWiseWebhookSecret],
  ['secret', vault.getTenantMuxWebhookSecret],
  ['secret', (t) => vault.getTenantApiKey(t, 'mux')],
  ['keyAndSecret', (t) => vault.getTenantApiKeyAndSecret(t, 'mux')],
  ['credential', vault.getTenantWiseClient],
  ['revision', (t) => vault.hasTenantServiceConfig(t, 'mux')],
  ['statuses', vault.getTenantCredentialStatuses],
  ['prepareVerification', (t) => vault.verifyTenantServiceCredentials(t, 'mux')],
  ['recordVerification', vault.verifyTenantStripeCredentials],
  ['updateVerification', (t) => vault.updateStripeConfigVerification(t, false)],
  ['updateVerification', (t) => vault.updateResendConfigVerification(t, false)],
  ['updateVerification', (t) => vault.updateWiseConfigVerification(t, false)],
  ['updateVerification', (t) => vault.updateApiCredentialVerification(t, 'mux', false)],
  ['webhookSecret', (t) => vault.getTenantWebhookSecret(t, 'mux')],
  ['unmigrated', vault.getCredentialHealth],
  ['diagnose', (t) => vault.diagnoseTenants({ tenants: [t] })],
  ['keySessions', () => vault.getEncryptionKeySessions()],
  ['keyUsage', (t) => vault.getEncryptionKeyUsage(t)],
  ['events', vault.listTenantCredentialEvents],
  ['sealEvents', vault.sealTenantCredentialEvents],
  ['verifyEvents', vault.verifyTenantCredentialEvents],
  ['schedule', (t) => vault.verifyDueCredentials({ tenants: [t] })],
  ['swapState', (t) => vault.deliverCredentialEvents({ tenants: [t], sinks: [SINK] })],
  ['rotate', (t) => vault.rotateEncryptionKeys({ tenants: [t], tokenFormat: 'v1', dryRun: true })],
  ['delete', vault.deleteTenantStripeConfig],
  ['delete', vault.deleteTenantResendConfig],
  ['delete', vault.deleteTenantWiseConfig],
  ['delete', (t) => vault.deleteTenantApiCredential(t, 'mux')],
  ['moveTenant', moveAround],
];

/** Moves a tenant to the other layout and back. */
async function moveAround(tenant: string): Promise<void> {
  for (const to of ['shared', 'schema', 'shared'] as const) {
    const { failures } = await vault.moveTenants({ to, tenants: [tenant] });
    expect(failures).toEqual([]);
  }
}

const OPERATIONS = 'crates/credentials/src/store/operations.rs';

/** Run no statement. */
const WITHOUT_DATABASE = ['prepareInputVerification', 'readVerification', 'deriveTenantKey'];

/** Read the server's catalog alone. */
const ABOUT_CATALOG = ['keySessions', 'unmigrated'];

/** What does not belong to one tenant's data, and is named in docs/scaling.md. */
const ABOUT_SCHEMAS = ['createTenant', 'migrateTenant', 'migrateShared'];

/** About both layouts. */
const ABOUT_BOTH = ['diagnose', 'moveTenant', 'tenants', 'tenantsToMigrate', 'tenantsToMove'];

test('no operation of the store is left out', () => {
  const source = readFileSync(join(__dirname, '../..', OPERATIONS), 'utf8');
  const operations = [...source.matchAll(/^ {12}"(\w+)" =>/gm)].map(([, name]) => name);
  const called = new Set([...CALLS.map(([operation]) => operation), ...WITHOUT_DATABASE]);
  expect([...called].sort()).toEqual(operations.sort());
});

const LAYOUTS = ['schema', 'shared'] as const;

describeWithPooler('through PgBouncer (skipped if pgbouncer is not installed)', () => {
  let pooler: Pooler;
  let pool: pg.Pool;
  let vendors: FakeVendors;
  let ran: Ran[] = [];

  beforeAll(async () => {
    [pooler, vendors] = await Promise.all([startPooler(), startFakeVendors()]);
    pool = new pg.Pool({ connectionString: pooler.url });
  });
  afterAll(async () => {
    await vendors.close();
    await pool.end();
    pooler.stop();
  });

  /** The schemas of the relations in a statement's plan. */
  async function schemasOf({ sql, params }: Ran): Promise<string[]> {
    const { rows } = await pool.query(`explain (verbose, format json) ${sql}`, params);
    const plan = JSON.stringify(rows[0]['QUERY PLAN']);
    return [
      ...new Set(
        [...plan.matchAll(/"Relation Name":"[^"]*","Schema":"(.*?)"/g)].map(
          ([, name]) => name as string,
        ),
      ),
    ];
  }

  describe.each(LAYOUTS)('in the layout %s', (layout) => {
    const tenant = newSlug();
    const sharedSchema = `vault_${tenant}`;
    const schema = layout === 'schema' ? `tenant_${tenant}` : sharedSchema;

    beforeAll(async () => {
      if (layout === 'schema') {
        configure('shared');
        await vault.migrateTenants();
      }
      configure(layout);
    });

    function configure(layout: 'schema' | 'shared'): void {
      vault.configureIntegrations({
        layout,
        sharedSchema,
        encryptionKey: '5e'.repeat(32),
        // Each change with its event, and each read, too.
        events: true,
        auditReads: 'all',
        endpoints: vendors.endpoints,
        driver: {
          query: (sql, params) => {
            ran.push({ sql, params });
            return pool.query(sql, params);
          },
        },
      });
    }

    test.each(CALLS)('%s: %s', async (name, call) => {
      ran = [];
      await call(tenant);
      expect(ran).not.toEqual([]);
      // The health of a tenant is its statuses and values first.
      for (const statement of name === 'unmigrated' ? ran.slice(-1) : ran) {
        await expectOwnSchema(name, statement);
      }
    });

    async function expectOwnSchema(name: string, statement: Ran): Promise<void> {
      if (ABOUT_BOTH.includes(name)) {
        const found = /^do /.test(statement.sql) ? [] : await schemasOf(statement);
        expect(['pg_catalog', sharedSchema]).toEqual(expect.arrayContaining(found));
      } else if (/^do /.test(statement.sql)) {
        // A `do` block has no plan. What it names is the tenant's, but for one function and the tables in
        // which it must not be.
        const named =
          statement.sql.match(/(?<=["\s'])(public\.\w+|"?(tenant|vault)_t_\w+"?(?=\.))/g) ?? [];
        expect([...new Set(named.map((found) => found.replaceAll('"', '')))].sort()).toEqual(
          layout === 'schema'
            ? ['public.update_updated_at_column', schema, sharedSchema]
            : [sharedSchema],
        );
      } else if (layout === 'schema' && ABOUT_CATALOG.includes(name)) {
        expect(await schemasOf(statement)).toEqual(['pg_catalog']);
      } else if ([...ABOUT_CATALOG, ...ABOUT_SCHEMAS].includes(name)) {
        // Tenants are listed, and looked for, in the catalog and in tables that they share.
        const found = await schemasOf(statement);
        expect(['pg_catalog', schema, sharedSchema]).toEqual(expect.arrayContaining(found));
      } else {
        expect(await schemasOf(statement)).toEqual([schema]);
      }
    }
  });
});
