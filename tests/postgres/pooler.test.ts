// A real PgBouncer in transaction mode: no session state, no named prepared statements.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newSlug } from '../kit/database';
import { describeWithPooler, type Pooler, SERVER_CONNECTIONS, startPooler } from '../kit/pooler';

const encryptionKey = 'pooler-tests-master-key-0123456789abcdef';

describeWithPooler(
  'through PgBouncer in transaction mode (skipped if pgbouncer is not installed)',
  () => {
    let pooler: Pooler;
    let pool: pg.Pool;

    beforeAll(async () => {
      pooler = await startPooler();
      // The clients have more connections than the pooler has to the server.
      pool = new pg.Pool({ connectionString: pooler.url, max: 20 });
    });

    afterAll(async () => {
      await native.closeIntegrations();
      await pool?.end();
      pooler?.stop();
    });

    // The settings hold for all entry points of a process.
    test.each([
      ['native', native, () => ({ databaseUrl: pooler.url, maxConnections: 20 })],
      ['wasm', wasm, () => ({ driver: wasm.pgDriver(pool) })],
    ])(
      '%s: a thousand interleaved calls of four tenants are all right',
      async (_, vault, options) => {
        vault.configureIntegrations({ ...options(), encryptionKey });
        const tenants = Array.from({ length: 4 }, newSlug);
        await Promise.all(tenants.map((tenant) => vault.createTenant(tenant)));
        await Promise.all(
          tenants.map((tenant) =>
            vault.saveTenantStripeConfig(tenant, {
              secretKey: `sk_${tenant}`,
              webhookSecret: 'wh',
            }),
          ),
        );
        const calls = Array.from({ length: 1000 }, async (_, n) => {
          const tenant = tenants[n % tenants.length] ?? '';
          switch (n % 3) {
            case 0:
              return (await vault.getTenantStripeConfig(tenant))?.tenantId === tenant;
            case 1:
              return (await vault.getTenantStripeSecretKey(tenant)) === `sk_${tenant}`;
            default:
              await vault.updateStripeConfigVerification(tenant, true, { accountId: tenant });
              return true;
          }
        });
        const outcomes = await Promise.all(calls);
        expect(outcomes.filter(Boolean)).toHaveLength(1000);
      },
    );

    test('leaves no session state and no prepared statement behind', async () => {
      const direct = new pg.Pool({ connectionString: pooler.url, max: SERVER_CONNECTIONS });
      try {
        for (let n = 0; n < SERVER_CONNECTIONS * 5; n += 1) {
          const { rows } = await direct.query(
            `select current_setting('search_path') as path,
                  (select count(*)::int from pg_prepared_statements where name <> '') as prepared`,
          );
          expect(rows).toEqual([{ path: '"$user", public', prepared: 0 }]);
        }
      } finally {
        await direct.end();
      }
    });
  },
);
