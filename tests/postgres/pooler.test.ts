// A real PgBouncer in transaction mode: no session state, no named prepared statements.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug } from '../support/database';
import { temporaryFolder } from '../support/temporary.cjs';

const SERVER_CONNECTIONS = 4;
const encryptionKey = 'pooler-tests-master-key-0123456789abcdef';
const installed = spawnSync('pgbouncer', ['--version']).status === 0;

if (!installed && process.env.CI) {
  throw new Error('PgBouncer is not installed: apt-get install pgbouncer');
}
// Elsewhere the skipped tests say what is missing.
const withPooler = installed ? describe : describe.skip;

withPooler('through PgBouncer in transaction mode (skipped if pgbouncer is not installed)', () => {
  let pooler: ChildProcess;
  let url: string;
  let pool: pg.Pool;

  beforeAll(async () => {
    const { freePort } = await import('../../scripts/lib/free-port.mjs');
    const port = await freePort();
    pooler = startPooler(port);
    const target = new URL(databaseUrl());
    target.port = String(port);
    url = target.href;
    await waitUntilReady(url);
    // The clients have more connections than the pooler has to the server.
    pool = new pg.Pool({ connectionString: url, max: 20 });
    native.configureIntegrations({ databaseUrl: url, encryptionKey, maxConnections: 20 });
    wasm.configureIntegrations({ driver: wasm.pgDriver(pool), encryptionKey });
  });

  afterAll(async () => {
    await native.closeIntegrations();
    await pool?.end();
    pooler?.kill();
  });

  test.each([
    ['native', native],
    ['wasm', wasm],
  ])('%s: a thousand interleaved calls of four tenants are all right', async (_name, vault) => {
    const tenants = Array.from({ length: 4 }, newSlug);
    await Promise.all(tenants.map((tenant) => vault.createTenant(tenant)));
    await Promise.all(
      tenants.map((tenant) =>
        vault.saveTenantStripeConfig(tenant, { secretKey: `sk_${tenant}`, webhookSecret: 'wh' }),
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
  });

  test('every other statement runs through it, too', async () => {
    for (const vault of [native, wasm]) {
      const tenant = newSlug();
      await vault.createTenant(tenant);
      await vault.migrateTenant(tenant);
      await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'a' });
      expect(await vault.getAllTenantApiCredentials(tenant)).toHaveLength(1);
      expect(await vault.getTenantCredentialStatuses(tenant)).toHaveLength(12);
      expect(await vault.deleteTenantApiCredential(tenant, 'mux')).toBe(true);
      expect(await vault.listTenants()).toContain(tenant);
    }
  });

  test('leaves no session state and no prepared statement behind', async () => {
    const direct = new pg.Pool({ connectionString: url, max: SERVER_CONNECTIONS });
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

  function startPooler(port: number): ChildProcess {
    const target = new URL(databaseUrl());
    const folder = temporaryFolder('pgbouncer');
    chmodSync(folder, 0o755);
    const users = join(folder, 'users.txt');
    const settings = join(folder, 'pgbouncer.ini');
    writeFileSync(users, `"${target.username}" "${target.password}"\n`);
    writeFileSync(
      settings,
      `[databases]
postgres = host=127.0.0.1 port=${target.port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 200
`,
    );
    // PgBouncer refuses to run as root.
    const user = process.getuid?.() === 0 ? ['--user', 'postgres'] : [];
    return spawn('pgbouncer', [...user, settings], { stdio: 'ignore' });
  }

  async function waitUntilReady(target: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const client = new pg.Client({ connectionString: target });
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error('PgBouncer did not start');
  }
});
