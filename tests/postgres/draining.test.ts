// Settings that change, or do not, while calls are under way.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { until } from '../kit/until';

const encryptionKey = 'draining-tests-master-key-0123456789abcdef';
const UNREACHABLE = 'postgres://nobody@127.0.0.1:1/nowhere';
let vendors: FakeVendors;

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterEach(() => {
  vendors.beforeAnswer = undefined;
});
afterAll(() => vendors.close());

describe.each([
  ['native', native],
  ['wasm', wasm],
] as const)('%s', (backend, vault) => {
  const name = newSlug();
  const tenants = Array.from({ length: 20 }, newSlug);
  const [tenant = ''] = tenants;
  let pool: pg.Pool;

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: databaseUrl() });
    vault.configureIntegrations(settings());
    await Promise.all(tenants.map((tenant) => vault.createTenant(tenant)));
  });

  afterAll(async () => {
    await vault.closeIntegrations();
    await pool.end();
  });

  /** Made anew for each call, as a handler does. */
  function settings(): native.IntegrationsOptions {
    const url = new URL(databaseUrl());
    url.searchParams.set('application_name', name);
    const driver = driverOf(pool);
    return {
      ...(backend === 'native' ? { databaseUrl: url.href } : { driver }),
      encryptionKey,
      endpoints: { ...vendors.endpoints },
      maxConnections: 5,
      connectTimeoutMs: undefined,
    };
  }

  const drivers = new Map<pg.Pool, wasm.DatabaseDriver>();

  function driverOf(pool: pg.Pool): wasm.DatabaseDriver {
    const driver = drivers.get(pool) ?? wasm.pgDriver(pool);
    drivers.set(pool, driver);
    return driver;
  }

  function elsewhere(): native.IntegrationsOptions {
    const driver = { query: () => Promise.reject(new Error('nowhere')) };
    return backend === 'native' ? { databaseUrl: UNREACHABLE } : { driver };
  }

  function saves(): Promise<unknown>[] {
    return tenants.map((tenant) =>
      vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1', webhookSecret: 'wh' }),
    );
  }

  async function pids(): Promise<number[]> {
    const { rows } = await sql(
      'select pid from pg_stat_activity where application_name = $1 order by pid',
      [name],
    );
    return rows.map(({ pid }) => pid);
  }

  test('equal settings change nothing: no call fails, connections and clients stay', async () => {
    vault.configureIntegrations(settings());
    await Promise.all(saves());
    const client = await vault.getTenantStripeClient(tenant);
    const before = await pids();
    for (let round = 0; round < 3; round += 1) {
      const underWay = saves();
      vault.configureIntegrations(settings());
      await Promise.all(underWay);
    }
    expect(await pids()).toEqual(before);
    await vault.getTenantStripeClient(tenant);
    vault.configureIntegrations(settings());
    const again = await vault.getTenantStripeClient(tenant);
    vault.configureIntegrations(settings());
    expect(await vault.getTenantStripeClient(tenant)).toBe(again);
    expect(client).not.toBeNull();
  });

  test('other settings: calls under way end with those they began with', async () => {
    vault.configureIntegrations(settings());
    const underWay = saves();
    vault.configureIntegrations({ ...elsewhere(), encryptionKey });
    await Promise.all(underWay);
    await expect(vault.getTenantStripeConfig(tenant)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
    // What the calls used is closed after them.
    await until(async () => (await pids()).length === 0);
  });

  test('other endpoints are other settings', async () => {
    vault.configureIntegrations(settings());
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
    const client = await vault.getTenantStripeClient(tenant);
    vault.configureIntegrations({ ...settings(), endpoints: { stripe: 'http://127.0.0.1:1' } });
    expect(await vault.getTenantStripeClient(tenant)).not.toBe(client);
  });

  test('a save that asks the vendor first ends in the database where it began', async () => {
    vault.configureIntegrations(settings());
    vendors.beforeAnswer = async () => {
      vault.configureIntegrations({ ...elsewhere(), encryptionKey });
    };
    await vault.saveTenantStripeConfig(tenant, inputFor('stripe', 'right'), { verify: true });
    vault.configureIntegrations(settings());
    const { rows } = await sql(
      `select last_verified_at is not null as verified from tenant_${tenant}.tenant_stripe_config`,
    );
    expect(rows).toEqual([{ verified: true }]);
  });

  test('closeIntegrations waits for calls under way, and for verifications', async () => {
    vault.configureIntegrations(settings());
    await vault.saveTenantStripeConfig(tenant, inputFor('stripe', 'right'));
    let done = 0;
    let release = () => {};
    const asked = new Promise<void>((resolve) => {
      vendors.beforeAnswer = () => {
        resolve();
        return new Promise((answer) => {
          release = answer;
        });
      };
    });
    const verification = vault.verifyTenantStripeCredentials(tenant).finally(() => {
      done += 1;
    });
    await asked;
    const others = saves().map((save) =>
      save.finally(() => {
        done += 1;
      }),
    );
    const closed = vault.closeIntegrations().then(() => done);
    await Promise.all(others);
    release();
    expect(await closed).toBe(tenants.length + 1);
    expect(await verification).toMatchObject({ valid: true });
    await until(async () => (await pids()).length === 0);
    // The next call opens new ones.
    expect(await vault.getTenantStripeSecretKey(tenant)).toMatch(/^sk_test_/);
  });

  test('calls that came before closeIntegrations are done, whatever came in between', async () => {
    vault.configureIntegrations(settings());
    let done = 0;
    const count = () => {
      done += 1;
    };
    const first = saves().map((save) => save.finally(count));
    vault.configureIntegrations({ ...settings(), maxConnections: 2 });
    const second = saves().map((save) => save.finally(count));
    await vault.closeIntegrations();
    expect(done).toBe(2 * tenants.length);
    await Promise.all([...first, ...second]);
  });
});
