// The Rust core's side of a configuration: made when a call needs it, given up when settings change.

import { withPlainAnswers } from '../drivers/answer.js';
import { withLimit } from '../drivers/limit.js';
import { neonDriverFor } from '../drivers/neon.js';
import { withTimeout } from '../drivers/timeout.js';
import { coreError } from '../errors.js';
import type { DatabaseDriver, IntegrationsOptions } from '../types.js';
import { loadedBackend } from './backend.js';
import { cleanUrl } from './database-url.js';
import { environmentVariable } from './environment.js';
import { haveEqualValues } from './equal-settings.js';
import { askForKey, type CoreKeys, keysOf } from './keys.js';
import type { Backend, CoreStore } from './operations.js';
import type { Store, Vault } from './vault.js';

const DEFAULT_DRIVER_STATEMENTS = 100;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Runs work with the settings of now: all of it, whatever is configured or closed in the meantime.
 *
 * @internal
 */
export async function accept<T>(vault: Vault, work: (store: CoreStore) => Promise<T>): Promise<T> {
  const asked = askForKey(vault);
  if (asked) {
    await asked;
  }
  const { integrations, calls } = accepting(vault);
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
 * The Rust core with the settings of now. The environment is read each time, so a changed key
 * or URL takes effect at once.
 *
 * @internal
 */
export async function integrations(vault: Vault): Promise<CoreStore> {
  await askForKey(vault);
  return accepting(vault).integrations;
}

function accepting(vault: Vault): Store {
  const { functions: core, info } = loadedBackend(vault);
  const keys = keysOf(vault);
  const url = databaseUrl(vault.options);
  if (!haveEqualValues(vault.keys, keys) || vault.databaseUrl !== url) {
    discardStores(vault);
    vault.keys = keys;
    vault.databaseUrl = url;
  }
  let store = vault.stores.get(info.backend);
  if (store?.core !== core) {
    store = { core, integrations: create(core, vault.options, keys, url), calls: new Set() };
    vault.stores.set(info.backend, store);
  }
  return store;
}

function create(
  core: Backend,
  options: IntegrationsOptions,
  keys: CoreKeys,
  url: string | undefined,
): CoreStore {
  const settings = {
    ...options,
    // Nothing is inherited where an option is left out.
    __proto__: null,
    encryptionKey: undefined,
    keys,
    databaseUrl: url,
    driver: driver(options, url),
  };
  try {
    return new core.Integrations(settings);
  } catch (error) {
    throw coreError(error);
  }
}

function databaseUrl(options: IntegrationsOptions): string | undefined {
  return (
    cleanUrl(options.databaseUrl) ??
    cleanUrl(environmentVariable('POSTGRES_URL')) ??
    cleanUrl(environmentVariable('DATABASE_URL'))
  );
}

function driver(options: IntegrationsOptions, url: string | undefined): DatabaseDriver | undefined {
  const chosen = options.driver ?? (IS_EDGE_BUILD ? neonDriverFor(url) : undefined);
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const limit = {
    atMost: options.maxConnections ?? DEFAULT_DRIVER_STATEMENTS,
    waitMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    statementTimeoutMs,
  };
  return chosen && withPlainAnswers(withLimit(withTimeout(chosen, statementTimeoutMs), limit));
}

/** Gives up what was made with the settings of before. */
export function discardStores(vault: Vault): void {
  for (const store of IS_EDGE_BUILD ? [] : vault.stores.values()) {
    const closed = close(store).finally(() => vault.closing.delete(closed));
    vault.closing.add(closed);
  }
  vault.stores.clear();
  vault.clients.clear();
}

async function close({ integrations, calls }: Store): Promise<void> {
  await Promise.allSettled(calls);
  try {
    await integrations.close();
  } catch {
    // A WebAssembly instance that failed: it had no connections.
  }
}
