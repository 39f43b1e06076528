import type { Integrations } from '../../../bindings/node/pkg/index.js';
import { backend } from './backend.js';
import { errorWithCode } from './errors.js';
import type { IntegrationsOptions } from './types.js';

const OPTION_TYPES: Record<keyof IntegrationsOptions, 'string' | 'object' | 'number'> = {
  encryptionKey: 'string',
  databaseUrl: 'string',
  driver: 'object',
  maxConnections: 'number',
  connectTimeoutMs: 'number',
  statementTimeoutMs: 'number',
  idleTimeoutMs: 'number',
};

let configured: IntegrationsOptions = {};
let current: { options: IntegrationsOptions; integrations: Integrations } | undefined;

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Replaces what an earlier call set; connections of the earlier settings are closed.
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  checkOptions(options);
  configured = { ...options };
  discard();
}

/** Closes the connections. The next call opens new ones. */
export async function closeIntegrations(): Promise<void> {
  discard();
}

/**
 * The Rust core with the settings of now. The environment is read anew each time, so a changed key
 * or URL takes effect at once.
 */
export function integrations(): Integrations {
  const options = {
    ...configured,
    encryptionKey: configured.encryptionKey ?? process.env.INTEGRATION_ENCRYPTION_KEY,
    databaseUrl: configured.databaseUrl ?? process.env.POSTGRES_URL ?? process.env.DATABASE_URL,
  };
  const unchanged =
    current?.options.encryptionKey === options.encryptionKey &&
    current?.options.databaseUrl === options.databaseUrl;
  if (!current || !unchanged) {
    discard();
    current = { options, integrations: new (backend().Integrations)(options) };
  }
  return current.integrations;
}

function discard(): void {
  current?.integrations.close();
  current = undefined;
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
}

function invalid(reason: string): Error {
  return errorWithCode('CONFIG_INVALID', `configureIntegrations: ${reason}`);
}
