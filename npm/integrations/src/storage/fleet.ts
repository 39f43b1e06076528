// Work on many tenants: some at a time. One that fails stops no other, and a database that is away is
// waited for.

import { type IntegrationError, integrationError, isIntegrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';

/** Options of the functions that work on many tenants. */
export interface FleetOptions<Progress = FleetProgress> {
  /** Slugs of the tenants; all that have a schema if left out. */
  tenants?: readonly string[] | undefined;
  /** Tenants that are worked on at a time. Default 4. */
  concurrency?: number | undefined;
  /**
   * Milliseconds that a tenant waits for a database that is away, as one that restarts is. After three
   * tenants in a row that waited in vain, no other one is tried. Default 60 000.
   */
  waitForDatabaseMs?: number | undefined;
  /** Stops after the tenants under way; running again takes up where it stopped. */
  signal?: AbortSignal | undefined;
  /** Called after each tenant. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a tenant begins to wait for the database. */
  onWaiting?: (() => void) | undefined;
}

/** How far the work is. */
export interface FleetProgress {
  /** Tenants that are done, of `tenants`. */
  done: number;
  tenants: number;
}

/** What became of the tenants. @internal */
export interface FleetResult {
  /** The number of those that were worked on. */
  done: number;
  failed: { tenantId: string; error: IntegrationError }[];
  /** Those that were not tried, because the work was stopped. */
  remaining: string[];
}

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_WAIT_MS = 60_000;
const BETWEEN_ATTEMPTS_MS = 1_000;
/** Tenants in a row after which the database is given up. */
const WAITED_IN_VAIN = 3;

/** Codes of a server that may come back, or of a process that has too much to do; what is done for many tenants may be repeated. */
const AWAY = [
  'DATABASE_UNAVAILABLE',
  'DATABASE_TIMEOUT',
  'DATABASE_BUSY',
  'BUSY',
  'DATABASE_OUTCOME_UNKNOWN',
];

/** Errors that no other tenant would be spared. */
const OF_THE_CONFIGURATION = ['KEY_MISSING', 'KEY_INVALID', 'KEY_UNAVAILABLE', 'CONFIG_INVALID'];

/**
 * Works on some tenants at a time. Rejects where the configuration is wrong or the work has a fault.
 *
 * @internal
 */
export async function forEachTenant(
  tenants: readonly string[],
  options: FleetOptions,
  work: (tenantId: string) => Promise<void>,
): Promise<FleetResult> {
  const { concurrency = DEFAULT_CONCURRENCY, signal, onProgress } = options;
  const waiting = [...tenants];
  const failed: FleetResult['failed'] = [];
  let done = 0;
  let inVain = 0;
  const worker = async () => {
    while (waiting.length > 0 && !signal?.aborted && inVain < WAITED_IN_VAIN) {
      const tenantId = waiting.shift() as string;
      try {
        await whenAvailable(options, () => work(tenantId));
        inVain = 0;
      } catch (error) {
        if (!isIntegrationError(error) || OF_THE_CONFIGURATION.includes(error.code)) {
          waiting.length = 0;
          throw error;
        }
        inVain = AWAY.includes(error.code) ? inVain + 1 : 0;
        failed.push({ tenantId, error });
      }
      done += 1;
      onProgress?.({ done, tenants: tenants.length });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { done, failed, remaining: waiting };
}

/** A tenant that failed, as reports name it. @internal */
export function failureOf({ tenantId, error: { code, message } }: FleetResult['failed'][number]) {
  return { tenantId, code, message };
}

/**
 * The options as they are now; throws `CONFIG_INVALID`.
 *
 * @param counts further options that are positive integers
 * @internal
 */
export function checkFleetOptions<Options extends FleetOptions<never>>(
  caller: string,
  options: Options,
  counts: readonly (keyof Options)[] = [],
): Options {
  if (typeof options !== 'object' || options === null) {
    throw integrationError('CONFIG_INVALID', `${caller}: pass an object`);
  }
  const given = ownProperties(options);
  for (const name of ['concurrency', 'waitForDatabaseMs', ...counts] as const) {
    const value = given[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) > 0)) {
      const text = `${caller}: ${String(name)} must be a positive integer`;
      throw integrationError('CONFIG_INVALID', text);
    }
  }
  if (given.tenants !== undefined && !Array.isArray(given.tenants)) {
    throw integrationError('CONFIG_INVALID', `${caller}: tenants must be an array of slugs`);
  }
  return given;
}

/** Repeats what may be repeated for as long as the database is away. */
async function whenAvailable(
  { waitForDatabaseMs = DEFAULT_WAIT_MS, signal, onWaiting }: FleetOptions,
  work: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + waitForDatabaseMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work();
    } catch (error) {
      const isAway = isIntegrationError(error) && AWAY.includes(error.code);
      if (!isAway || signal?.aborted || Date.now() + BETWEEN_ATTEMPTS_MS > deadline) {
        throw error;
      }
      if (attempts === 1) {
        onWaiting?.();
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ATTEMPTS_MS));
    }
  }
}
