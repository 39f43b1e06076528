import { integrationError } from '../errors.js';
import { SERVICE_BASICS } from '../generated/services.js';
import { ownProperties } from '../own-properties.js';
import type { DatabaseDriver, IntegrationsOptions } from '../types.js';

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

/**
 * The options, as they are now and checked; throws `CONFIG_INVALID`.
 *
 * @param caller the function that they were given to, for the message
 */
export function checkOptions(given: IntegrationsOptions, caller: string): IntegrationsOptions {
  if (typeof given !== 'object' || given === null) {
    throw invalid(caller, 'pass an object');
  }
  const options = readOnce(given, caller);
  for (const [name, value] of Object.entries(options)) {
    const expected = Object.hasOwn(OPTION_TYPES, name)
      ? OPTION_TYPES[name as keyof IntegrationsOptions]
      : undefined;
    if (!expected) {
      throw invalid(caller, `unknown option; use ${Object.keys(OPTION_TYPES).join(', ')}`);
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
        caller,
        `${name} must be ${expected === 'number' ? 'a positive integer' : `a ${expected}`}`,
      );
    }
  }
  if (options.driver && typeof queryOf(options.driver) !== 'function') {
    throw invalid(caller, 'driver must have a query(sql, params) function');
  }
  checkEndpoints(options.endpoints ?? {}, caller);
  return options;
}

/** The options as they are now, so that what is checked is what is used. */
function readOnce(given: IntegrationsOptions, caller: string): IntegrationsOptions {
  try {
    const options = ownProperties(given);
    const { endpoints } = options;
    return typeof endpoints === 'object' && endpoints !== null
      ? Object.assign(options, { endpoints: ownProperties(endpoints) })
      : options;
  } catch {
    throw invalid(caller, 'an option throws when it is read');
  }
}

function queryOf(driver: DatabaseDriver): unknown {
  try {
    return driver.query;
  } catch {
    return undefined;
  }
}

function checkEndpoints(endpoints: object, caller: string): void {
  const services: string[] = SERVICE_BASICS.flatMap(({ id, sandboxEndpoint }) =>
    sandboxEndpoint ? [id, `${id}_sandbox`] : [id],
  );
  for (const [service, endpoint] of Object.entries(endpoints)) {
    if (!services.includes(service)) {
      throw invalid(caller, `unknown service in endpoints; use ${services.join(', ')}`);
    }
    if (endpoint !== undefined && !isOrigin(endpoint)) {
      throw invalid(caller, `endpoints.${service} must be a URL of scheme, host and port only`);
    }
    if (endpoint !== undefined && !isProtected(new URL(endpoint))) {
      throw invalid(
        caller,
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

function invalid(caller: string, reason: string): Error {
  return integrationError('CONFIG_INVALID', `${caller}: ${reason}`);
}
