import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Json } from '../types.js';

/** Sessions of the database that have the same name. */
export interface EncryptionKeySessions {
  /** Their `application_name`; that of this package ends with the ids of the keys that it knows. */
  name: string;
  connections: number;
  /**
   * Whether the process knows the key that writes here:
   * - `current`: it writes with it;
   * - `reads`: it reads with it and writes with another key;
   * - `lacks`: it knows other keys only;
   * - `unknown`: nobody can tell, because it is no session of this package, one of an earlier version
   *   or one that many clients share, as behind a pooler or HTTP.
   */
  keys: 'current' | 'reads' | 'lacks' | 'unknown';
}

/**
 * Asks PostgreSQL which processes are connected to the database, and whether they know the current
 * encryption key. Native connections say so by their `application_name`, unless the database URL sets
 * one.
 *
 * @param tenantId whose database is meant; needed where `databaseUrl` is a function
 * @returns the sessions by name, but for the one that asks
 * @throws `KEY_MISSING` or `KEY_INVALID` without a usable key, `TENANT_INVALID`, `DATABASE_…`
 */
export async function getEncryptionKeySessions(
  this: unknown,
  tenantId?: string,
): Promise<EncryptionKeySessions[]> {
  const json = await callStore(vaultOf(this), 'keySessions', tenantId);
  return parse(json as Json<EncryptionKeySessions[]>);
}
