import { integrationError } from '../errors.js';
import { SERVICE_BASICS } from '../generated/services.js';
import { ownProperties } from '../own-properties.js';
import type { DatabaseDriver, IntegrationsOptions } from '../types.js';
import { TOKEN_FORMATS } from './keys.js';
import { layoutProblem } from './layout.js';

type OptionType =
  | 'string'
  | 'object'
  | 'number'
  | 'number from 0'
  | 'boolean'
  | 'string or function'
  | 'boolean or function'
  | 'list of keys';

const OPTION_TYPES: Record<keyof IntegrationsOptions, OptionType> = {
  encryptionKey: 'string or function',
  encryptionKeyTtlMs: 'number',
  nextEncryptionKeys: 'list of keys',
  previousEncryptionKeys: 'list of keys',
  tokenFormat: 'string',
  events: 'boolean',
  auditReads: 'string',
  listenUrl: 'string',
  maxStaleMs: 'number from 0',
  failClosed: 'boolean',
  onVendorRefusal: 'boolean or function',
  databaseUrl: 'string or function',
  driver: 'object',
  maxDatabases: 'number',
  layout: 'string',
  sharedSchema: 'string',
  maxConnections: 'number',
  maxConnectionsPerTenant: 'number',
  maxDerivedKeys: 'number',
  connectTimeoutMs: 'number',
  statementTimeoutMs: 'number',
  idleTimeoutMs: 'number',
  maxLifetimeMs: 'number',
  endpoints: 'object',
  vendorTimeoutMs: 'number',
};

const EXPECTED: Record<OptionType, string> = {
  string: 'a string',
  object: 'a object',
  number: 'a positive integer',
  'number from 0': 'a whole number, 0 or more',
  boolean: 'true or false',
  'string or function': 'a string or a function that gives one',
  'boolean or function': 'true, false or a function',
  'list of keys': 'an array of strings',
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
    if (!hasType(value, expected)) {
      throw invalid(caller, `${name} must be ${EXPECTED[expected]}`);
    }
  }
  if (options.tokenFormat !== undefined && !TOKEN_FORMATS.includes(options.tokenFormat)) {
    throw invalid(caller, `tokenFormat must be one of ${TOKEN_FORMATS.join(', ')}`);
  }
  const problem = layoutProblem(options.layout, options.sharedSchema);
  if (problem) {
    throw invalid(caller, problem);
  }
  if (!['off', 'first', 'all'].includes(options.auditReads ?? 'off')) {
    throw invalid(caller, 'auditReads must be one of off, first, all');
  }
  if ((options.auditReads ?? 'off') !== 'off' && options.events === false) {
    throw invalid(caller, 'auditReads needs events');
  }
  if (options.onVendorRefusal && options.events === false) {
    throw invalid(caller, 'onVendorRefusal needs events');
  }
  if (options.driver && typeof queryOf(options.driver) !== 'function') {
    throw invalid(caller, 'driver must have a query(sql, params) function');
  }
  if (options.driver && typeof options.databaseUrl === 'function') {
    throw invalid(
      caller,
      'driver reaches one database: leave it out where databaseUrl is a function',
    );
  }
  checkEndpoints(options.endpoints ?? {}, caller);
  return options;
}

function hasType(value: unknown, expected: OptionType): boolean {
  switch (expected) {
    case 'number':
      return Number.isSafeInteger(value) && (value as number) > 0;
    case 'number from 0':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'string or function':
      return typeof value === 'string' || typeof value === 'function';
    case 'boolean or function':
      return typeof value === 'boolean' || typeof value === 'function';
    case 'list of keys':
      return Array.isArray(value) && value.every((key) => typeof key === 'string');
    default:
      return typeof value === expected && value !== null;
  }
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
