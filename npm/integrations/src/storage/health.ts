import { hasEncryptionKey } from '../backend/config.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { isIntegrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';
import type { TenantIntegrationStatus, TenantService } from '../types.js';
import { getTenantCredentialStatuses } from './storage.js';

/** How the vault and the credentials of one tenant are doing. */
export interface CredentialHealth {
  /** Whether database, key and every connected credential are as they should be. */
  healthy: boolean;
  checkedAt: Date;
  database: DatabaseHealth;
  /** Whether a master key of 32 or more characters is configured. */
  encryptionKey: { present: boolean };
  /** Every service of the catalog; empty where the database said nothing. */
  services: ServiceHealth[];
}

export interface DatabaseHealth {
  /** Whether the server answers; it may refuse all the same. */
  reachable: boolean;
  /** Why the credentials could not be read, such as `DATABASE_TIMEOUT` or `TENANT_NOT_FOUND`. */
  errorCode?: string;
  errorMessage?: string;
}

export interface ServiceHealth {
  service: TenantService;
  displayName: string;
  connected: boolean;
  /** Whether the stored secrets can be decrypted; `null` where none are stored. */
  decryptable: boolean | null;
  lastVerifiedAt: Date | null;
  /** Whole seconds since the vendor last accepted the credential. */
  verifiedSecondsAgo: number | null;
  /** Since when the vendor has been refusing it. */
  failingSince: Date | null;
  /** What is wrong: the `code` of the error that reading it gives, and a sentence. */
  errorCode?: string;
  errorMessage: string | null;
}

/** What the server itself says, so it was reached. */
const SAID_BY_SERVER = [
  'TENANT_NOT_FOUND',
  'PERMISSION_DENIED',
  'DATABASE_AUTHENTICATION',
  'DATABASE_READ_ONLY',
  'DATABASE_BUSY',
  'DATABASE_FULL',
  'DATABASE_ERROR',
];

/**
 * How the vault and a tenant's credentials are doing, for health checks and admin pages. Asks no
 * vendor: what they said last is stored.
 *
 * @returns the health; a database or key that is missing is in it
 * @throws `TENANT_INVALID`
 */
export async function getCredentialHealth(
  this: unknown,
  tenantId: string,
): Promise<CredentialHealth> {
  const vault = vaultOf(this);
  const { database, statuses } = await readStatuses(vault, tenantId);
  const checkedAt = new Date();
  const present = await hasEncryptionKey(vault);
  const healthy =
    database.errorCode === undefined && present && !statuses.some(({ hasError }) => hasError);
  return {
    healthy,
    checkedAt,
    database,
    encryptionKey: { present },
    services: statuses.map((status) => serviceHealth(status, checkedAt)),
  };
}

async function readStatuses(
  vault: Vault,
  tenantId: string,
): Promise<{ database: DatabaseHealth; statuses: TenantIntegrationStatus[] }> {
  try {
    const statuses = await getTenantCredentialStatuses.call(vault, tenantId);
    return { database: { reachable: true }, statuses };
  } catch (error) {
    if (!isIntegrationError(error) || error.code === 'TENANT_INVALID') {
      throw error;
    }
    const { code: errorCode, message: errorMessage } = error;
    const reachable = SAID_BY_SERVER.includes(errorCode);
    return { database: { reachable, errorCode, errorMessage }, statuses: [] };
  }
}

function serviceHealth(status: TenantIntegrationStatus, now: Date): ServiceHealth {
  const { displayName, connected, lastVerifiedAt, errorCode, errorMessage, failingSince } =
    ownProperties(status);
  return {
    service: status.service as TenantService,
    displayName,
    connected,
    decryptable: connected ? errorCode === undefined : null,
    lastVerifiedAt,
    verifiedSecondsAgo: lastVerifiedAt && secondsBetween(lastVerifiedAt, now),
    failingSince: failingSince ?? null,
    ...(errorCode !== undefined && { errorCode }),
    errorMessage,
  };
}

/** The clocks of server and database may differ: never negative. */
function secondsBetween(earlier: Date, later: Date): number {
  return Math.max(0, Math.floor((later.getTime() - earlier.getTime()) / 1000));
}
