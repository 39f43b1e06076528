import { withPlainAnswers } from '../drivers/answer.js';
import { withLimit } from '../drivers/limit.js';
import { neonDriverFor } from '../drivers/neon.js';
import { withTimeout } from '../drivers/timeout.js';
import { coreError, integrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';
import { type DatabaseDriver, type IntegrationsOptions, SERVICE_CATALOG } from '../types.js';
import { backend, loadedBackend } from './backend.js';
import { cleanUrl } from './database-url.js';
import { environmentVariable } from './environment.js';
import { areEqualSettings } from './equal-settings.js';
import type { Backend, CoreStore } from './operations.js';
import { type Store, state } from './state.js';
import { warnOfSurroundedKey } from './warnings.js';

const OPTION_TYPES: Record<keyof IntegrationsOptions, 'string' | 'object' | 'number'> = {
  encryptionKey: 'string',
  databaseUrl: 'string',
  driver: 'object',
  maxConnections: 'number',
  connectTimeoutMs: 'number',
  statementTimeoutMs: 'number',
  idleTimeoutMs: 'number',
  maxLifetimeMs: 'number',
  endpoints: 'object',
  vendorTimeoutMs: 'number',
};

const DEFAULT_DRIVER_STATEMENTS = 100;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;
const DEFAULT_VENDOR_TIMEOUT_MS = 10_000;

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Holds for the whole process, whichever entry point it was called by. Replaces what an earlier call
 * set, and changes nothing if that was the same. Calls that are under
 * way end with the settings they began with; the connections of these are closed then.
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  const checked = checkOptions(options);
  if (areEqualSettings(checked, state.options)) {
    return;
  }
  discard();
  state.options = checked;
}

/**
 * Waits for the calls that are under way and closes the connections. The next call opens new ones.
 *
 * On the edge there are no connections to close, and no request waits for another's calls.
 */
export async function closeIntegrations(): Promise<void> {
  discard();
  await Promise.all(state.closing);
}

/**
 * Runs work with the settings of now: all of it, whatever is configured or closed in the meantime.
 *
 * @internal
 */
export async function accept<T>(work: (store: CoreStore) => Promise<T>): Promise<T> {
  const { integrations, calls } = accepting();
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
export function integrations(): CoreStore {
  return accepting().integrations;
}

function accepting(): Store {
  const { functions: core, info } = loadedBackend();
  const key = encryptionKey();
  const url = databaseUrl();
  if (state.encryptionKey !== key || state.databaseUrl !== url) {
    discard();
    state.encryptionKey = key;
    state.databaseUrl = url;
  }
  let store = state.stores.get(info.backend);
  if (store?.core !== core) {
    store = { core, integrations: create(core, key, url), calls: new Set() };
    state.stores.set(info.backend, store);
  }
  return store;
}

/** Whether there is a usable master key. */
export function hasEncryptionKey(): boolean {
  return backend().isValidEncryptionKey(encryptionKey());
}

/**
 * Scheme and host that a service is reached at instead of its vendor's own; for the vendor's sandbox
 * `<service>_sandbox`, where that is set.
 */
export function endpointOverride(service: string, sandbox = false): string | undefined {
  const endpoints: Record<string, string | undefined> = state.options.endpoints ?? {};
  const names = sandbox ? [`${service}_sandbox`, service] : [service];
  const name = names.find((name) => Object.hasOwn(endpoints, name) && endpoints[name]);
  return name && endpoints[name];
}

/** Milliseconds that a vendor may take to answer. */
export function vendorTimeoutMs(): number {
  return state.options.vendorTimeoutMs ?? DEFAULT_VENDOR_TIMEOUT_MS;
}

function create(core: Backend, key: string | undefined, url: string | undefined): CoreStore {
  const options = {
    ...state.options,
    // Nothing is inherited where an option is left out.
    __proto__: null,
    encryptionKey: key,
    databaseUrl: url,
    driver: driver(url),
  };
  try {
    return new core.Integrations(options);
  } catch (error) {
    throw coreError(error);
  }
}

function databaseUrl(): string | undefined {
  return (
    cleanUrl(state.options.databaseUrl) ??
    cleanUrl(environmentVariable('POSTGRES_URL')) ??
    cleanUrl(environmentVariable('DATABASE_URL'))
  );
}

function encryptionKey(): string | undefined {
  const key = state.options.encryptionKey ?? environmentVariable('INTEGRATION_ENCRYPTION_KEY');
  warnOfSurroundedKey(key);
  return key;
}

function driver(url: string | undefined): DatabaseDriver | undefined {
  const chosen = state.options.driver ?? (IS_EDGE_BUILD ? neonDriverFor(url) : undefined);
  const statementTimeoutMs = state.options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const limit = {
    atMost: state.options.maxConnections ?? DEFAULT_DRIVER_STATEMENTS,
    waitMs: state.options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    statementTimeoutMs,
  };
  return chosen && withPlainAnswers(withLimit(withTimeout(chosen, statementTimeoutMs), limit));
}

/** Gives up what was made with the settings of before. */
function discard(): void {
  for (const store of IS_EDGE_BUILD ? [] : state.stores.values()) {
    const closed = close(store).finally(() => state.closing.delete(closed));
    state.closing.add(closed);
  }
  state.stores.clear();
  state.clients.clear();
}

async function close({ integrations, calls }: Store): Promise<void> {
  await Promise.allSettled(calls);
  try {
    await integrations.close();
  } catch {
    // A WebAssembly instance that failed: it had no connections.
  }
}

function checkOptions(given: IntegrationsOptions): IntegrationsOptions {
  if (typeof given !== 'object' || given === null) {
    throw invalid('pass an object');
  }
  const options = readOnce(given);
  for (const [name, value] of Object.entries(options)) {
    const expected = Object.hasOwn(OPTION_TYPES, name)
      ? OPTION_TYPES[name as keyof IntegrationsOptions]
      : undefined;
    if (!expected) {
      throw invalid(`unknown option; use ${Object.keys(OPTION_TYPES).join(', ')}`);
    }
    if (value === undefined) {
      continue;
    }
    const fits =
      expected === 'number'
        ? Number.isSafeInteger(value) && (value as number) > 0
        : typeof value === expected && value !== null;
    if (!fits) {
      throw invalid(
        `${name} must be ${expected === 'number' ? 'a positive integer' : `a ${expected}`}`,
      );
    }
  }
  if (options.driver && typeof queryOf(options.driver) !== 'function') {
    throw invalid('driver must have a query(sql, params) function');
  }
  checkEndpoints(options.endpoints ?? {});
  return options;
}

/** The options as they are now, so that what is checked is what is used. */
function readOnce(given: IntegrationsOptions): IntegrationsOptions {
  try {
    const options = ownProperties(given);
    const { endpoints } = options;
    return typeof endpoints === 'object' && endpoints !== null
      ? Object.assign(options, { endpoints: ownProperties(endpoints) })
      : options;
  } catch {
    throw invalid('an option throws when it is read');
  }
}

function queryOf(driver: DatabaseDriver): unknown {
  try {
    return driver.query;
  } catch {
    return undefined;
  }
}

function checkEndpoints(endpoints: object): void {
  const services: string[] = SERVICE_CATALOG.flatMap(({ id, sandboxEndpoint }) =>
    sandboxEndpoint ? [id, `${id}_sandbox`] : [id],
  );
  for (const [service, endpoint] of Object.entries(endpoints)) {
    if (!services.includes(service)) {
      throw invalid(`unknown service in endpoints; use ${services.join(', ')}`);
    }
    if (endpoint !== undefined && !isOrigin(endpoint)) {
      throw invalid(`endpoints.${service} must be a URL of scheme, host and port only`);
    }
    if (endpoint !== undefined && !isProtected(new URL(endpoint))) {
      throw invalid(
        `endpoints.${service} must start with https:, because credentials are sent there; http: is for 127.0.0.1, [::1] and localhost only`,
      );
    }
  }
}

function isOrigin(endpoint: unknown): endpoint is string {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
    return false;
  }
  const { protocol, origin } = new URL(endpoint);
  return ['http:', 'https:'].includes(protocol) && endpoint.replace(/\/$/, '') === origin;
}

/** Whether nobody on the way can read what is sent. */
function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function invalid(reason: string): Error {
  return integrationError('CONFIG_INVALID', `configureIntegrations: ${reason}`);
}
