import type { Integrations } from '../../../bindings/node/pkg/index.js';
import { type Backend, backend, setHasDriver } from './backend.js';
import { withTimeout } from './driver-timeout.js';
import { environmentVariable } from './environment.js';
import { errorWithCode } from './errors.js';
import { neonDriverFor } from './neon.js';
import { type DatabaseDriver, type IntegrationsOptions, SERVICE_CATALOG } from './types.js';

const OPTION_TYPES: Record<keyof IntegrationsOptions, 'string' | 'object' | 'number'> = {
  encryptionKey: 'string',
  databaseUrl: 'string',
  driver: 'object',
  maxConnections: 'number',
  connectTimeoutMs: 'number',
  statementTimeoutMs: 'number',
  idleTimeoutMs: 'number',
  endpoints: 'object',
  vendorTimeoutMs: 'number',
};

const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;
const DEFAULT_VENDOR_TIMEOUT_MS = 10_000;

let configured: IntegrationsOptions = {};
const discardListeners: (() => void)[] = [];
let current: Current | undefined;

/** The Rust core's side of the settings, and what it was made from. */
interface Current {
  core: Backend;
  key: string | undefined;
  url: string | undefined;
  integrations: Integrations;
}

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Replaces what an earlier call set; connections of the earlier settings are closed.
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  checkOptions(options);
  discard();
  configured = { ...options, endpoints: { ...options.endpoints } };
  setHasDriver(options.driver !== undefined);
}

/** Closes the connections. The next call opens new ones. */
export async function closeIntegrations(): Promise<void> {
  discard();
}

/**
 * The Rust core with the settings of now. The environment is read anew each time, so a changed key
 * or URL takes effect at once.
 *
 * @internal
 */
export function integrations(): Integrations {
  const core = backend();
  const key = encryptionKey();
  const url = databaseUrl();
  if (current?.core !== core || current.key !== key || current.url !== url) {
    discard();
    const options = { ...configured, encryptionKey: key, databaseUrl: url, driver: driver(url) };
    current = { core, key, url, integrations: new core.Integrations(options) };
  }
  return current.integrations;
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
    configured.databaseUrl ??
    environmentVariable('POSTGRES_URL') ??
    environmentVariable('DATABASE_URL')
  );
}

function encryptionKey(): string | undefined {
  return configured.encryptionKey ?? environmentVariable('INTEGRATION_ENCRYPTION_KEY');
}

function driver(url: string | undefined): DatabaseDriver | undefined {
  const chosen = configured.driver ?? (BUILT_FOR_EDGE ? neonDriverFor(url) : undefined);
  return (
    chosen && withTimeout(chosen, configured.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS)
  );
}

function discard(): void {
  if (current && current.core === backend()) {
    current.integrations.close();
  }
  current = undefined;
  for (const listener of discardListeners) {
    listener();
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
