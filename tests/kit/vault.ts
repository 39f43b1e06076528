import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug, sql } from './database';
import { type NeonProxy, startNeonProxy } from './neon-proxy';
import { TABLES } from './tables';

/** Set by the Jest project. */
declare const BACKEND: 'native' | 'wasm' | 'edge';
/** Set by the Jest project in which tenants share their tables. */
declare const LAYOUT: 'shared' | undefined;

export type Vault = typeof native;

export const KEY = 'contract-suite-master-key-0123456789abcdef';

/** Loaded only where it is built. */
const edge = BACKEND === 'edge' ? (require('./edge-vault') as typeof import('./edge-vault')) : null;

/** The package as it answers on the backend of this Jest project. */
export const vault: Vault = edge?.vault ?? (BACKEND === 'native' ? native : wasm);

/** Whether the vault runs on the edge runtime, where some SDKs do not. */
export const ON_EDGE = edge !== null;

/** Whether tenants share their tables. */
export const SHARED = typeof LAYOUT !== 'undefined';

/** What the vault computes signatures with. */
export const subtle: SubtleCrypto = edge?.subtle ?? crypto.subtle;

const pools = new Map<string, pg.Pool>();
let proxy: NeonProxy | undefined;

/** Points the vault at the test server; `null` leaves the key to the environment. */
export function configureVault(
  key: string | null = KEY,
  options: native.IntegrationsOptions = {},
): void {
  const encryptionKey = key ?? undefined;
  if (BACKEND === 'native') {
    vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey, ...options });
  } else {
    vault.configureIntegrations({ driver: driver(), encryptionKey, ...options });
  }
}

function driver(): native.DatabaseDriver {
  return edge
    ? vault.neonDriver(edge.neon.neon(databaseUrl()))
    : vault.pgDriver(poolFor(databaseUrl()));
}

/** Options of a vault over a database, without a key. */
export function optionsFor(url: string): native.IntegrationsOptions {
  return BACKEND === 'native' ? { databaseUrl: url } : { driver: vault.pgDriver(poolFor(url)) };
}

function poolFor(connectionString: string): pg.Pool {
  const pool = pools.get(connectionString) ?? new pg.Pool({ connectionString, max: 5 });
  pools.set(connectionString, pool);
  return pool;
}

/** Ends the connections that tests hold to a database. */
export async function endPools(): Promise<void> {
  await Promise.all([...pools.values()].map((pool) => pool.end()));
  pools.clear();
}

beforeAll(async () => {
  if (edge) {
    proxy = await startNeonProxy(databaseUrl());
    edge.neon.neonConfig.fetchEndpoint = proxy.endpoint;
  }
});

/** A tenant of its own, with tables. */
export async function newTenant(slug = newSlug()): Promise<string> {
  await vault.createTenant(slug);
  if (SHARED) {
    const views = TABLES.map(
      (name) =>
        `create view ${schemaOf(slug)}.${name} as select * from ${sharedSchema()}.${name} where tenant_id = '${slug}'`,
    );
    await sql([`create schema ${schemaOf(slug)}`, ...views].join(';'));
  }
  return slug;
}

/** The schema in which a test reads and changes a tenant's rows, past the vault. */
export function schemaOf(tenant: string): string {
  return SHARED ? `seen_${tenant}` : `tenant_${tenant}`;
}

/** Takes a tenant away with its tables, or its rows. */
export async function dropTenant(tenant: string): Promise<void> {
  if (!SHARED) {
    await sql(`drop schema tenant_${tenant} cascade`);
    return;
  }
  for (const name of [...TABLES, 'tenants']) {
    await sql(`delete from ${sharedSchema()}.${name} where tenant_id = $1`, [tenant]);
  }
}

function sharedSchema(): string {
  return process.env.INTEGRATION_SHARED_SCHEMA ?? 'vault';
}

/** A test that changes tables, which is a tenant's own business where it has a schema of its own. */
export function testOfOwnTables(name: string, work: () => Promise<void>): void {
  if (SHARED) {
    test.skip(`${name} (tables of a tenant's own only)`, work);
  } else {
    test(name, work);
  }
}

/** Saves the credential of any service. */
export const saveCredential = vault.saveTenantCredential;

/** The stored configuration of any service. */
export async function getCredential(
  tenant: string,
  service: native.TenantService,
): Promise<native.BaseTenantConfig | null> {
  switch (service) {
    case 'stripe':
      return vault.getTenantStripeConfig(tenant);
    case 'resend':
      return vault.getTenantResendConfig(tenant);
    case 'wise':
      return vault.getTenantWiseConfig(tenant);
    default:
      return vault.getTenantApiCredential(tenant, service);
  }
}

/** Verifies the stored credential of any service. */
export const verifyStored = vault.verifyTenantCredential;

/** What a promise rejects with: its code and message. */
export async function rejection(promise: Promise<unknown>): Promise<[string, string]> {
  try {
    await promise;
  } catch (error) {
    if (vault.isIntegrationError(error)) {
      return [error.code, error.message];
    }
    throw error;
  }
  throw new Error('The promise was expected to reject');
}

afterAll(async () => {
  await vault.closeIntegrations();
  await endPools();
  await proxy?.close();
});
