import type { Integrations } from '../../../bindings/node/pkg/index.js';
import { type Backend, backend, setHasDriver } from './backend.js';
import { cleanUrl } from './database-url.js';
import { withLimit } from './driver-limit.js';
import { withTimeout } from './driver-timeout.js';
import { environmentVariable } from './environment.js';
import { areEqualSettings } from './equal-settings.js';
import { errorWithCode } from './errors.js';
import { neonDriverFor } from './neon.js';
import { type DatabaseDriver, type IntegrationsOptions, SERVICE_CATALOG } from './types.js';
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

const DEFAULT_MAX_CONNECTIONS = 10;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;
const DEFAULT_VENDOR_TIMEOUT_MS = 10_000;

let configured: IntegrationsOptions = {};
const discardListeners: (() => void)[] = [];
let current: Current | undefined;
/** Connections of former settings that are being closed. */
const closing = new Set<Promise<void>>();

/** The Rust core's side of the settings, and what it was made from. */
interface Current {
  core: Backend;
  key: string | undefined;
  url: string | undefined;
  integrations: Integrations;
  /** Calls that were accepted and are not done. */
  calls: Set<Promise<unknown>>;
}

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Replaces what an earlier call set, and changes nothing if that was the same. Calls that are under
 * way end with the settings they began with; the connections of these are closed then.
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  checkOptions(options);
  if (areEqualSettings(options, configured)) {
    return;
  }
  discard();
  configured = { ...options, endpoints: { ...options.endpoints } };
  setHasDriver(options.driver !== undefined);
}

/**
 * Waits for the calls that are under way and closes the connections. The next call opens new ones.
 *
 * On the edge there are no connections to close, and no request waits for another's calls.
 */
export async function closeIntegrations(): Promise<void> {
  discard();
  await Promise.all(closing);
}

/**
 * Runs work with the settings of now: all of it, whatever is configured or closed in the meantime.
 *
 * @internal
 */
export async function accept<T>(work: (store: Integrations) => Promise<T>): Promise<T> {
  const { integrations, calls } = accepting();
  const call = work(integrations);
  if (BUILT_FOR_EDGE) {
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
 * The Rust core with the settings of now. The environment is read anew each time, so a changed key
 * or URL takes effect at once.
 *
 * @internal
 */
export function integrations(): Integrations {
  return accepting().integrations;
}

function accepting(): Current {
  const core = backend();
  const key = encryptionKey();
  const url = databaseUrl();
  if (current?.core !== core || current.key !== key || current.url !== url) {
    discard();
    const options = { ...configured, encryptionKey: key, databaseUrl: url, driver: driver(url) };
    current = { core, key, url, integrations: new core.Integrations(options), calls: new Set() };
  }
  return current;
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
  const endpoints: Record<string, string | undefined> = configured.endpoints ?? {};
  const names = sandbox ? [`${service}_sandbox`, service] : [service];
  const name = names.find((name) => Object.hasOwn(endpoints, name) && endpoints[name]);
  return name && endpoints[name];
}

/** Milliseconds that a vendor may take to answer. */
export function vendorTimeoutMs(): number {
  return configured.vendorTimeoutMs ?? DEFAULT_VENDOR_TIMEOUT_MS;
}

/** Calls back whenever the settings change: what was made with the former ones is worth nothing. */
export function onDiscard(listener: () => void): void {
  discardListeners.push(listener);
}

function databaseUrl(): string | undefined {
  return (
    cleanUrl(configured.databaseUrl) ??
    cleanUrl(environmentVariable('POSTGRES_URL')) ??
    cleanUrl(environmentVariable('DATABASE_URL'))
  );
}

function encryptionKey(): string | undefined {
  const key = configured.encryptionKey ?? environmentVariable('INTEGRATION_ENCRYPTION_KEY');
  warnOfSurroundedKey(key);
  return key;
}

function driver(url: string | undefined): DatabaseDriver | undefined {
  const chosen = configured.driver ?? (BUILT_FOR_EDGE ? neonDriverFor(url) : undefined);
  const statementTimeoutMs = configured.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const limit = {
    atMost: configured.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    waitMs: configured.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    statementTimeoutMs,
  };
  return chosen && withLimit(withTimeout(chosen, statementTimeoutMs), limit);
}

function discard(): void {
  if (current && !BUILT_FOR_EDGE) {
    const closed = close(current).finally(() => closing.delete(closed));
    closing.add(closed);
  }
  current = undefined;
  for (const listener of discardListeners) {
    listener();
  }
}

async function close({ integrations, calls }: Current): Promise<void> {
  await Promise.allSettled(calls);
  try {
    await integrations.close();
  } catch {
    // A WebAssembly instance that failed: it had no connections.
  }
}

function checkOptions(options: IntegrationsOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw invalid('pass an object');
  }
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
  if (options.driver && typeof options.driver.query !== 'function') {
    throw invalid('driver must have a query(sql, params) function');
  }
  checkEndpoints(options.endpoints ?? {});
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
  }
}

function isOrigin(endpoint: unknown): boolean {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
    return false;
  }
  const { protocol, origin } = new URL(endpoint);
  return ['http:', 'https:'].includes(protocol) && endpoint.replace(/\/$/, '') === origin;
}

function invalid(reason: string): Error {
  return errorWithCode('CONFIG_INVALID', `configureIntegrations: ${reason}`);
}
