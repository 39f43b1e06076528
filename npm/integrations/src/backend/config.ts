import { withPlainAnswers } from '../drivers/answer.js';
import { withLimit } from '../drivers/limit.js';
import { neonDriverFor } from '../drivers/neon.js';
import { withTimeout } from '../drivers/timeout.js';
import { coreError } from '../errors.js';
import type { DatabaseDriver, IntegrationsOptions } from '../types.js';
import { backend, loadedBackend } from './backend.js';
import { cleanUrl } from './database-url.js';
import { defaultVault } from './default-vault.js';
import { environmentVariable } from './environment.js';
import { areEqualSettings, haveEqualValues } from './equal-settings.js';
import { askForKey, type CoreKeys, keysOf } from './keys.js';
import type { Backend, CoreStore } from './operations.js';
import { checkOptions } from './options.js';
import type { Store, Vault } from './vault.js';

const DEFAULT_DRIVER_STATEMENTS = 100;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;
const DEFAULT_VENDOR_TIMEOUT_MS = 10_000;

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Holds for the whole process, whichever entry point it was called by. Replaces what an earlier call
 * set, and changes nothing if that was the same. Calls that are under way end with the settings they
 * began with; the connections of these are closed then.
 *
 * @throws `CONFIG_INVALID`
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  const checked = checkOptions(options, 'configureIntegrations');
  if (areEqualSettings(checked, defaultVault.options)) {
    return;
  }
  discard(defaultVault);
  defaultVault.options = checked;
}

/**
 * Waits for the calls that are under way and closes the connections. The next call opens new ones.
 * Never rejects.
 *
 * On the edge there are no connections to close, and no request waits for another's calls.
 */
export async function closeIntegrations(): Promise<void> {
  return closeVault(defaultVault);
}

/** Closes the connections of a vault: see {@link closeIntegrations}. @internal */
export async function closeVault(vault: Vault): Promise<void> {
  discard(vault);
  await Promise.all(vault.closing);
}

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
    discard(vault);
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

/** Whether there is a usable master key. @internal */
export async function hasEncryptionKey(vault: Vault): Promise<boolean> {
  try {
    await askForKey(vault);
    return backend(vault).isValidEncryptionKey(keysOf(vault).current);
  } catch {
    return false;
  }
}

/**
 * Scheme and host that a service is reached at instead of its vendor's own; for the vendor's sandbox
 * `<service>_sandbox`, where that is set.
 *
 * @internal
 */
export function endpointOverride(
  vault: Vault,
  service: string,
  sandbox = false,
): string | undefined {
  const endpoints: Record<string, string | undefined> = vault.options.endpoints ?? {};
  const names = sandbox ? [`${service}_sandbox`, service] : [service];
  const name = names.find((name) => Object.hasOwn(endpoints, name) && endpoints[name]);
  return name && endpoints[name];
}

/** Milliseconds that a vendor may take to answer. @internal */
export function vendorTimeoutMs(vault: Vault): number {
  return vault.options.vendorTimeoutMs ?? DEFAULT_VENDOR_TIMEOUT_MS;
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
function discard(vault: Vault): void {
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
