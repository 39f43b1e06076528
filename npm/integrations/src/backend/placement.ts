// Which database has a tenant: one for all, or the one that a function names.

import { coreError, integrationError, isIntegrationError } from '../errors.js';
import { inTime } from '../in-time.js';
import { backend } from './backend.js';
import { cleanUrl } from './database-url.js';
import { environmentVariable } from './environment.js';
import type { Vault } from './vault.js';

/** How long a call waits for a connection, and for the function that names its database. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

const LATE = {};

/** Whether tenants are in several databases. */
export function hasPlacement({ options }: Vault): boolean {
  return typeof options.databaseUrl === 'function';
}

/** The URL of the database that has all tenants. */
export function databaseUrl({ options }: Vault): string | undefined {
  const { databaseUrl } = options;
  return (
    cleanUrl(typeof databaseUrl === 'function' ? undefined : databaseUrl) ??
    cleanUrl(environmentVariable('POSTGRES_URL')) ??
    cleanUrl(environmentVariable('DATABASE_URL'))
  );
}

/**
 * Asks for the URL of the database that has a tenant. It is asked for each call and nothing of the
 * answer is kept, so that a tenant may be moved at any time.
 *
 * Throws `TENANT_INVALID` before the function sees what is no slug, and `PLACEMENT_FAILED`.
 */
export async function askForPlacement(vault: Vault, tenantId: string): Promise<string> {
  const { databaseUrl, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = vault.options;
  const source = databaseUrl as (tenantId: string) => string | Promise<string>;
  try {
    backend(vault).checkTenantId(tenantId);
  } catch (error) {
    throw coreError(error);
  }
  let url: unknown;
  try {
    url = await inTime(
      async () => source(tenantId),
      connectTimeoutMs,
      () => LATE,
    );
  } catch (error) {
    // What the function throws may hold a password.
    const code = isIntegrationError(error) ? ` (${error.code})` : '';
    throw failed(tenantId, error === LATE ? 'it did not answer in time' : `it failed${code}`);
  }
  const cleaned = typeof url === 'string' ? cleanUrl(url) : undefined;
  if (cleaned === undefined) {
    throw failed(tenantId, 'it gave no string');
  }
  return cleaned;
}

function failed(tenantId: string, reason: string): Error {
  return integrationError(
    'PLACEMENT_FAILED',
    `The function databaseUrl gave no URL for tenant ${tenantId}, because ${reason}`,
  );
}
