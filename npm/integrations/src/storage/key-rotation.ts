// Changing the encryption key: what every stored value is under, and rewriting it under the current one.

import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import { auditOf } from '../events/actor.js';
import type { ChangeOptions, Json } from '../types.js';
import {
  checkFleetOptions,
  type FleetOptions,
  type FleetProgress,
  forEachTenant,
} from './fleet.js';
import { listTenants } from './tenants.js';

/** Options of `rotateEncryptionKeys`. */
export interface KeyRotationOptions extends FleetOptions<KeyRotationProgress>, ChangeOptions {
  /** Counts what would be rewritten, and writes nothing. Default `false`. */
  dryRun?: boolean | undefined;
  /** The format to rewrite into; that of the configuration if left out. */
  tokenFormat?: 'v1' | 'v2' | undefined;
  /** Also rewrites what disconnected services left, which connecting again brings back. Default `true`. */
  includeDisconnected?: boolean | undefined;
  /** Values that are looked at in a second, at most. No limit if left out. */
  maxPerSecond?: number | undefined;
}

/** How far a rotation is. */
export interface KeyRotationProgress extends FleetProgress {
  /** Values that were looked at. */
  values: number;
}

/** A value that could not be read or rewritten, or a whole tenant. */
export interface KeyRotationFailure {
  tenantId: string;
  /** Id of the service, or the name of a table that cannot be read; `null` for a whole tenant. */
  service: string | null;
  /** The input field; `null` where more than one value is at fault. */
  field: string | null;
  /** The `code` of the error. */
  code: string;
}

/** What became of the values: the four numbers and the failures of single values add up to `values`. */
export interface KeyRotationReport {
  tenants: number;
  /** Values that were looked at. */
  values: number;
  /** Rewritten; in a dry run those that would be. */
  rewritten: number;
  /** Under the current key and in the format already. */
  unchanged: number;
  /** Replaced by a save in the meantime, which stays. */
  changedMeanwhile: number;
  failures: KeyRotationFailure[];
}

/** Values of one table that are under the same key in the same format. */
export interface UsedEncryptionKey {
  table: string;
  format: 'v1' | 'v2';
  /** The id of the key, 8 hex digits; `null` for a key that was not generated. */
  keyId: string | null;
  /** Whether it is the key that writes. */
  isCurrent: boolean;
  values: number;
}

/** What the stored values are under. */
export interface EncryptionKeyUsage {
  tenants: number;
  values: number;
  keys: UsedEncryptionKey[];
  failures: KeyRotationFailure[];
}

interface TenantFailure {
  service: string;
  field: string | null;
  code: string;
}

type TenantReport = Omit<KeyRotationReport, 'tenants' | 'failures'> & { failures: TenantFailure[] };
/** What a tenant's values are under, as the store says it. @internal */
export interface TenantUsage {
  currentKeyId: string | null;
  values: number;
  keys: { location: Omit<UsedEncryptionKey, 'values'>; values: number }[];
  failures: TenantFailure[];
}

/**
 * Rewrites the stored values under the current encryption key, and in the format of the configuration
 * or the one that is asked for. Each is decrypted first, with any key of the ring; a value that a save
 * replaces in the meantime stays as that save left it.
 *
 * May be stopped and run again at any time, and works in both directions: back to a former key, and
 * back to v1. A tenant or value that cannot be read stops no other.
 *
 * @returns the counts, and what failed by tenant, service and field
 * @throws `CONFIG_INVALID` for a wrong option, `KEY_MISSING` or `KEY_INVALID` without a usable key, and
 *   what listing the tenants rejects with
 */
export async function rotateEncryptionKeys(
  this: unknown,
  options: KeyRotationOptions = {},
): Promise<KeyRotationReport> {
  const vault = vaultOf(this);
  const given = checkOptions(options);
  const { dryRun = false, tokenFormat, includeDisconnected = true } = given;
  const audit = auditOf(vault, given);
  const total = { values: 0, rewritten: 0, unchanged: 0, changedMeanwhile: 0 };
  const { tenants, failures } = await forEachTenantsValues(vault, given, async (tenantId) => {
    const report: TenantReport = parse(
      (await callStore(
        vault,
        'rotate',
        tenantId,
        tokenFormat,
        dryRun,
        includeDisconnected,
        audit,
      )) as Json<TenantReport>,
    );
    total.values += report.values;
    total.rewritten += report.rewritten;
    total.unchanged += report.unchanged;
    total.changedMeanwhile += report.changedMeanwhile;
    return report;
  });
  return { tenants, ...total, failures };
}

/**
 * Counts what the stored values are under, by table, format and key. Each is decrypted to find out,
 * those of disconnected services, too.
 *
 * @param tenantId one tenant; all that have a schema if left out
 * @returns the counts, and what could not be decrypted
 * @throws `KEY_MISSING` or `KEY_INVALID` without a usable key, and what listing the tenants rejects with
 */
export async function getEncryptionKeyUsage(
  this: unknown,
  tenantId?: string,
): Promise<EncryptionKeyUsage> {
  const vault = vaultOf(this);
  const options = tenantId === undefined ? {} : { tenants: [tenantId] };
  return keyUsage(vault, options);
}

/** The same with the options of a rotation that apply. @internal */
export async function keyUsage(
  vault: Vault,
  options: KeyRotationOptions,
): Promise<EncryptionKeyUsage> {
  const counts = new Map<string, UsedEncryptionKey>();
  let values = 0;
  const { tenants, failures } = await forEachTenantsValues(vault, options, async (tenantId) => {
    const usage: TenantUsage = parse(
      (await callStore(vault, 'keyUsage', tenantId)) as Json<TenantUsage>,
    );
    values += usage.values;
    for (const { location, values } of usage.keys) {
      add(counts, { ...location, values });
    }
    return usage;
  });
  return { tenants, values, keys: [...counts.values()], failures };
}

function add(counts: Map<string, UsedEncryptionKey>, key: UsedEncryptionKey): void {
  const name = [key.table, key.format, key.keyId, key.isCurrent].join();
  const counted = counts.get(name);
  if (counted) {
    counted.values += key.values;
  } else {
    counts.set(name, { ...key });
  }
}

/** Works on the tenants that are meant; all values of one count together. */
async function forEachTenantsValues(
  vault: Vault,
  options: KeyRotationOptions,
  work: (tenantId: string) => Promise<{ values: number; failures: TenantFailure[] }>,
): Promise<{ tenants: number; failures: KeyRotationFailure[] }> {
  const { maxPerSecond, onProgress } = options;
  const tenants = options.tenants ?? (await listTenants.call(vault));
  const failures: KeyRotationFailure[] = [];
  const pace = paceOf(maxPerSecond);
  let values = 0;
  const { done, failed } = await forEachTenant(
    tenants,
    {
      ...options,
      onProgress: ({ done }) => onProgress?.({ done, tenants: tenants.length, values }),
    },
    async (tenantId) => {
      const report = await work(tenantId);
      values += report.values;
      failures.push(...report.failures.map((failure) => ({ tenantId, ...failure })));
      await pace(report.values);
    },
  );
  for (const { tenantId, error } of failed) {
    failures.push({ tenantId, service: null, field: null, code: error.code });
  }
  return { tenants: done, failures };
}

/** Waits so long after some values that no more than the limit are looked at in a second. */
function paceOf(maxPerSecond: number | undefined): (values: number) => Promise<void> {
  let free = Date.now();
  return async (values) => {
    if (maxPerSecond === undefined) {
      return;
    }
    free = Math.max(free, Date.now()) + (values / maxPerSecond) * 1000;
    await new Promise((resolve) => setTimeout(resolve, free - Date.now()));
  };
}

function checkOptions(options: KeyRotationOptions): KeyRotationOptions {
  const given = checkFleetOptions('rotateEncryptionKeys', options, ['maxPerSecond']);
  if (given.tokenFormat !== undefined && !['v1', 'v2'].includes(given.tokenFormat)) {
    throw integrationError('CONFIG_INVALID', 'rotateEncryptionKeys: tokenFormat must be v1 or v2');
  }
  return given;
}
