// What engines that spread tenants over machines need (docs/scaling.md): every statement runs through
// a pooler in transaction mode, alone, and touches the schema of one tenant.

import * as vault from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type * as Addon from '../../bindings/node/pkg/index.js';
import { newSlug } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { addonPackage } from '../kit/fixtures';
import { describeWithPooler, type Pooler, startPooler } from '../kit/pooler';

interface Ran {
  sql: string;
  params: (string | null)[];
}

const MUX = { serviceName: 'mux', apiKey: 'id', apiSecret: 'secret-right' } as const;

/** A call that runs the statements of each function of the Rust core. */
const CALLS: Record<string, (tenant: string) => Promise<unknown>> = {
  createTenant: vault.createTenant,
  migrateTenant: vault.migrateTenant,
  listTenants: vault.listTenants,
  saveTenantStripeConfig: (t) => vault.saveTenantStripeConfig(t, inputFor('stripe')),
  saveTenantResendConfig: (t) => vault.saveTenantResendConfig(t, inputFor('resend')),
  saveTenantWiseConfig: (t) => vault.saveTenantWiseConfig(t, inputFor('wise')),
  saveTenantApiCredential: (t) => vault.saveTenantApiCredential(t, MUX),
  saveTenantVerifiedCredential: (t) => vault.saveTenantApiCredential(t, MUX, { verify: true }),
  getTenantStripeConfig: vault.getTenantStripeConfig,
  getTenantResendConfig: vault.getTenantResendConfig,
  getTenantWiseConfig: vault.getTenantWiseConfig,
  getTenantApiCredential: (t) => vault.getTenantApiCredential(t, 'mux'),
  getAllTenantApiCredentials: vault.getAllTenantApiCredentials,
  getTenantStripeSecretKey: vault.getTenantStripeSecretKey,
  getTenantStripeWebhookSecret: vault.getTenantStripeWebhookSecret,
  getTenantResendApiKey: vault.getTenantResendApiKey,
  getTenantWiseApiKey: vault.getTenantWiseApiKey,
  getTenantWiseWebhookSecret: vault.getTenantWiseWebhookSecret,
  getTenantMuxWebhookSecret: vault.getTenantMuxWebhookSecret,
  getTenantApiKey: (t) => vault.getTenantApiKey(t, 'mux'),
  getTenantApiKeyAndSecret: (t) => vault.getTenantApiKeyAndSecret(t, 'mux'),
  getTenantCredential: vault.getTenantWiseClient,
  getTenantCredentialRevision: (t) => vault.hasTenantServiceConfig(t, 'mux'),
  getTenantCredentialStatuses: vault.getTenantCredentialStatuses,
  prepareTenantVerification: (t) => vault.verifyTenantServiceCredentials(t, 'mux'),
  recordTenantVerification: vault.verifyTenantStripeCredentials,
  updateStripeConfigVerification: (t) => vault.updateStripeConfigVerification(t, false),
  updateResendConfigVerification: (t) => vault.updateResendConfigVerification(t, false),
  updateWiseConfigVerification: (t) => vault.updateWiseConfigVerification(t, false),
  updateApiCredentialVerification: (t) => vault.updateApiCredentialVerification(t, 'mux', false),
  getTenantWebhookSecret: (t) => vault.getTenantWebhookSecret(t, 'mux'),
  deleteTenantStripeConfig: vault.deleteTenantStripeConfig,
  deleteTenantResendConfig: vault.deleteTenantResendConfig,
  deleteTenantWiseConfig: vault.deleteTenantWiseConfig,
  deleteTenantApiCredential: (t) => vault.deleteTenantApiCredential(t, 'mux'),
};

/** What does not belong to one tenant's data, and is named in docs/scaling.md. */
const ABOUT_SCHEMAS = ['createTenant', 'migrateTenant', 'listTenants'];

test('no function of the Rust core is left out', () => {
  const { Integrations }: typeof Addon = require(addonPackage());
  const functions = Object.getOwnPropertyNames(Integrations.prototype).filter(
    (name) => !['constructor', 'close', 'isServerUnverified'].includes(name),
  );
  expect(Object.keys(CALLS).sort()).toEqual(functions.sort());
});

describeWithPooler('through PgBouncer (skipped if pgbouncer is not installed)', () => {
  let pooler: Pooler;
  let pool: pg.Pool;
  let vendors: FakeVendors;
  let ran: Ran[] = [];
  const tenant = newSlug();
  const schema = `tenant_${tenant}`;

  beforeAll(async () => {
    [pooler, vendors] = await Promise.all([startPooler(), startFakeVendors()]);
    pool = new pg.Pool({ connectionString: pooler.url });
    vault.configureIntegrations({
      encryptionKey: 'statement-tests-master-key-0123456789abcdef',
      endpoints: vendors.endpoints,
      driver: {
        query: (sql, params) => {
          ran.push({ sql, params });
          return pool.query(sql, params);
        },
      },
    });
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
    return [...new Set([...plan.matchAll(/"Schema":"(.*?)"/g)].map(([, name]) => name as string))];
  }

  test.each(Object.entries(CALLS))('%s', async (name, call) => {
    ran = [];
    await call(tenant);
    expect(ran).not.toEqual([]);
    for (const statement of ran) {
      if (name === 'listTenants') {
        expect(await schemasOf(statement)).toEqual(['pg_catalog']);
      } else if (ABOUT_SCHEMAS.includes(name)) {
        // A `do` block has no plan. What it names is the tenant's, but for one function.
        const named = statement.sql.match(/(?<=["\s])(public\.\w+|"?tenant_t_\w+"?(?=\.))/g) ?? [];
        expect([...new Set(named.map((found) => found.replaceAll('"', '')))].sort()).toEqual([
          'public.update_updated_at_column',
          schema,
        ]);
      } else {
        expect(await schemasOf(statement)).toEqual([schema]);
      }
    }
  });
});
