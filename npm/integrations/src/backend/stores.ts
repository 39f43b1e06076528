// The Rust core's side of a configuration: one for each database, made when a
// call needs it, given up when settings change.

import { type PlainDriver, withPlainAnswers } from '../drivers/answer.js';
import { withLimit } from '../drivers/limit.js';
import { neonDriverFor } from '../drivers/neon.js';
import { withTimeout } from '../drivers/timeout.js';
import { coreError } from '../errors.js';
import type { IntegrationsOptions } from '../types.js';
import { loadedBackend } from './backend.js';
import { haveEqualValues } from './equal-settings.js';
import { askForKey, type CoreKeys, keysOf } from './keys.js';
import { type CoreTables, tablesOf } from './layout.js';
import type { Backend, CoreStore } from './operations.js';
import {
  askForPlacement,
  DEFAULT_CONNECT_TIMEOUT_MS,
  databaseUrl,
  hasPlacement,
} from './placement.js';
import type { Store, Vault } from './vault.js';

const DEFAULT_DRIVER_STATEMENTS = 100;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_DATABASES = 20;

/**
 * Runs work with the settings of now: all of it, whatever is configured or closed in the meantime.
 *
 * @param tenantId whose database is meant; `null` for what needs none, and for what asks about all tenants
 * @param needsKey whether it fails where the function `encryptionKey` does
 */
export async function accept<T>(
  vault: Vault,
  tenantId: string | null,
  work: (store: CoreStore) => Promise<T>,
  needsKey: boolean,
): Promise<T> {
  const asked = askForKey(vault);
  if (asked) {
    await (needsKey ? asked : asked.catch(() => undefined));
  }
  const place = databaseOf(vault, tenantId);
  const url = place instanceof Promise ? await place : place;
  const { integrations, calls } = storeAt(vault, url);
  const call = work(integrations);
  if (IS_EDGE_BUILD) {
    return call;
  }
  calls.add(call);
  try {
    return await call;
  } finally {
    calls.delete(call);
  }
}

/**
 * Makes the settings of now those of the vault: a changed key or URL gives up stores and clients.
 *
 * @returns the URL of the tenant's database
 */
export async function settle(vault: Vault, tenantId: string): Promise<string | undefined> {
  await askForKey(vault);
  const url = await databaseOf(vault, tenantId);
  storeAt(vault, url);
  return url;
}

/** The URL of the database that has a tenant: a promise only where a function gives it, so that other calls begin at once. */
function databaseOf(vault: Vault, tenantId: string | null): Promise<string> | string | undefined {
  if (!hasPlacement(vault)) {
    return databaseUrl(vault);
  }
  return tenantId === null ? undefined : askForPlacement(vault, tenantId);
}

/**
 * The Rust core with the settings of now. The environment is read each time, so a changed key
 * or URL takes effect at once.
 */
function storeAt(vault: Vault, url: string | undefined): Store {
  const { functions: core, info } = loadedBackend(vault);
  const keys = keysOf(vault);
  const tables = tablesOf(vault.options);
  const commonUrl = hasPlacement(vault) ? undefined : url;
  if (
    !haveEqualValues(vault.keys, keys) ||
    !haveEqualValues(vault.tables, tables) ||
    vault.databaseUrl !== commonUrl
  ) {
    discardStores(vault);
    vault.keys = keys;
    vault.tables = tables;
    vault.databaseUrl = commonUrl;
  }
  const name = `${info.backend} ${url}`;
  let store = vault.stores.get(name);
  if (store?.core !== core) {
    store = {
      core,
      integrations: create(core, vault.options, { keys, tables }, url),
      calls: new Set(),
    };
  }
  vault.stores.delete(name);
  vault.stores.set(name, store);
  discardUnused(vault);
  return store;
}

/** Gives up the databases that were not used for longest, where there are too many. */
function discardUnused(vault: Vault): void {
  const { maxDatabases = DEFAULT_MAX_DATABASES } = vault.options;
  for (const [name, store] of vault.stores) {
    if (vault.stores.size <= maxDatabases) {
      return;
    }
    vault.stores.delete(name);
    retire(vault, store);
  }
}

function create(
  core: Backend,
  options: IntegrationsOptions,
  own: { keys: CoreKeys; tables: CoreTables },
  url: string | undefined,
): CoreStore {
  const settings = {
    ...options,
    // Nothing is inherited where an option is left out.
    __proto__: null,
    encryptionKey: undefined,
    ...own,
    databaseUrl: url,
    driver: driver(options, url),
  };
  try {
    return new core.Integrations(settings);
  } catch (error) {
    throw coreError(error);
  }
}

function driver(options: IntegrationsOptions, url: string | undefined): PlainDriver | undefined {
  const chosen = options.driver ?? (IS_EDGE_BUILD ? neonDriverFor(url) : undefined);
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const atMost = options.maxConnections ?? DEFAULT_DRIVER_STATEMENTS;
  const limit = {
    atMost,
    atMostOfTenant: options.maxConnectionsPerTenant ?? atMost,
    waitMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    statementTimeoutMs,
  };
  return chosen && withPlainAnswers(withLimit(withTimeout(chosen, statementTimeoutMs), limit));
}

/** Gives up what was made with the settings of before. */
export function discardStores(vault: Vault): void {
  for (const store of vault.stores.values()) {
    retire(vault, store);
  }
  vault.stores.clear();
  vault.clients.clear();
}

/** Closes a store once its calls are done. */
function retire(vault: Vault, store: Store): void {
  if (IS_EDGE_BUILD) {
    return;
  }
  const closed = close(store).finally(() => vault.closing.delete(closed));
  vault.closing.add(closed);
}

async function close({ integrations, calls }: Store): Promise<void> {
  await Promise.allSettled(calls);
  try {
    await integrations.close();
  } catch {
    // A WebAssembly instance that failed: it had no connections.
  }
}
