import { encryptionKeyError } from '../backend/config.js';
import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { isIntegrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';
import type { Json, TenantIntegrationStatus, TenantService } from '../types.js';
import type { TenantUsage } from './key-rotation.js';
import { getTenantCredentialStatuses } from './storage.js';

/** How the vault and the credentials of one tenant are doing. */
export interface CredentialHealth {
  /** Whether database, key and every connected credential are as they should be. */
  healthy: boolean;
  checkedAt: Date;
  database: DatabaseHealth;
  encryptionKey: EncryptionKeyHealth;
  /** Every service of the catalog; empty where the database said nothing, or the key's function gave none. */
  services: ServiceHealth[];
}

export interface DatabaseHealth {
  /** Whether the server answers; it may refuse all the same. */
  reachable: boolean;
  /** Why the credentials could not be read, such as `DATABASE_TIMEOUT` or `TENANT_NOT_FOUND`. */
  errorCode?: string;
  errorMessage?: string;
  /** What the tenant's schema lacks of the migrations; left out if nothing. */
  migration?: MigrationHealth;
}

export interface MigrationHealth {
  /** Names of columns and tables, such as `failing_since`. What needs none of them works all the same. */
  missing: string[];
  /** The command that adds them, as `migrateTenant` does. */
  command: string;
}

export interface EncryptionKeyHealth {
  /** Whether a master key of 32 or more characters is configured. */
  present: boolean;
  /** Why there is none: `KEY_MISSING`, `KEY_INVALID`, or `KEY_UNAVAILABLE` where its function gave none. */
  errorCode?: string;
  /** The id of the key that writes, 8 hex digits; `null` for one that was not generated. */
  keyId: string | null;
  /** How many stored values are under which key, those of disconnected services, too. */
  values: EncryptionKeyValues[];
  /** Stored values that no configured key opens. */
  unreadableValues: number;
  /** Whether values are under another key than the one that writes: `keys rotate` rewrites them. */
  rotationPending: boolean;
}

/** Values that are under the same key in the same format. */
export interface EncryptionKeyValues {
  /** `null` for a key that was not generated. */
  keyId: string | null;
  format: 'v1' | 'v2';
  /** Whether it is the key that writes. */
  isCurrent: boolean;
  values: number;
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

/** Errors that are of the key and not of the database. */
const KEY_ERRORS = ['KEY_MISSING', 'KEY_INVALID', 'KEY_UNAVAILABLE'];

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
  const { database, statuses, usage } = await read(vault, tenantId);
  const checkedAt = new Date();
  const errorCode = await encryptionKeyError(vault);
  const present = errorCode === undefined;
  const healthy =
    database.errorCode === undefined && present && !statuses.some(({ hasError }) => hasError);
  return {
    healthy,
    checkedAt,
    database,
    encryptionKey: { present, ...(!present && { errorCode }), ...keyHealth(usage) },
    services: statuses.map((status) => serviceHealth(status, checkedAt)),
  };
}

interface Found {
  database: DatabaseHealth;
  statuses: TenantIntegrationStatus[];
  /** `null` without a usable key. */
  usage: TenantUsage | null;
}

async function read(vault: Vault, tenantId: string): Promise<Found> {
  try {
    const statuses = await readStatuses(vault, tenantId);
    // Afterwards, because the keys that the statuses derived are cached by now.
    const usage = await readUsage(vault, tenantId);
    const missing = parse(await callStore(vault, 'unmigrated', tenantId));
    const command = `cgk-integrations migrate --tenant ${tenantId}`;
    const migration = missing.length > 0 && { migration: { missing, command } };
    return { database: { reachable: true, ...migration }, statuses, usage };
  } catch (error) {
    if (!isIntegrationError(error) || error.code === 'TENANT_INVALID') {
      throw error;
    }
    const { code: errorCode, message: errorMessage } = error;
    const reachable = SAID_BY_SERVER.includes(errorCode);
    return { database: { reachable, errorCode, errorMessage }, statuses: [], usage: null };
  }
}

/** The statuses; none without a key, of which the health of the key says more. */
async function readStatuses(vault: Vault, tenantId: string): Promise<TenantIntegrationStatus[]> {
  try {
    return await getTenantCredentialStatuses.call(vault, tenantId);
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'KEY_UNAVAILABLE') {
      return [];
    }
    throw error;
  }
}

async function readUsage(vault: Vault, tenantId: string): Promise<TenantUsage | null> {
  try {
    return parse((await callStore(vault, 'keyUsage', tenantId)) as Json<TenantUsage>);
  } catch (error) {
    if (isIntegrationError(error) && KEY_ERRORS.includes(error.code)) {
      return null;
    }
    throw error;
  }
}

function keyHealth(usage: TenantUsage | null): Omit<EncryptionKeyHealth, 'present' | 'errorCode'> {
  const values: EncryptionKeyValues[] = [];
  for (const { location, values: count } of usage?.keys ?? []) {
    const { keyId, format, isCurrent } = location;
    const same = values.find(
      (key) => key.keyId === keyId && key.format === format && key.isCurrent === isCurrent,
    );
    if (same) {
      same.values += count;
    } else {
      values.push({ keyId, format, isCurrent, values: count });
    }
  }
  return {
    keyId: usage?.currentKeyId ?? null,
    values,
    unreadableValues: usage?.failures.filter(({ field }) => field !== null).length ?? 0,
    rotationPending: values.some(({ isCurrent }) => !isCurrent),
  };
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
