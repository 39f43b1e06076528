// How often a tenant may change or verify its credentials: each costs derivations, and vendors limit who asks them.

import { HttpError } from './error.js';

/** Counts requests: for several instances, a store that they share. */
export interface RateLimitStore {
  /**
   * Counts one request.
   *
   * @param key the tenant and what it does
   * @param windowMs how long requests are counted together
   * @returns how many there were in the window, this one included, and how long it lasts from now
   */
  count: (key: string, windowMs: number) => RateLimitCount | Promise<RateLimitCount>;
}

/** What a {@link RateLimitStore} counted. */
export interface RateLimitCount {
  count: number;
  remainingMs: number;
}

export interface RateLimits {
  /** Saves and disconnects of one tenant in a minute. Default: 30. */
  writesPerMinute?: number;
  /** Verifications of one tenant in a minute, those of saves included. Default: 10. */
  verificationsPerMinute?: number;
  /** What counts. Default: this process alone. */
  store?: RateLimitStore;
}

/** What is limited. @internal */
export type LimitedAction = 'writes' | 'verifications';

const WINDOW_MS = 60_000;
const DEFAULT_WRITES = 30;
const DEFAULT_VERIFICATIONS = 10;
/** Tenants that are counted before windows that are over are forgotten. */
const MAX_WINDOWS = 10_000;

/**
 * Refuses with 429 what exceeds the limits.
 *
 * @returns a function that counts one request of a tenant, and throws where there were too many
 * @internal
 */
export function rateLimiter(
  limits: RateLimits | false,
): (tenantId: string, actions: readonly LimitedAction[]) => Promise<void> {
  if (limits === false) {
    return async () => {};
  }
  const { writesPerMinute = DEFAULT_WRITES, verificationsPerMinute = DEFAULT_VERIFICATIONS } =
    limits;
  const { store = memoryStore() } = limits;
  checkLimits({ writesPerMinute, verificationsPerMinute });
  if (typeof store?.count !== 'function') {
    throw new TypeError('createCredentialRoutes: rateLimits.store must have a count function');
  }
  const most = { writes: writesPerMinute, verifications: verificationsPerMinute };
  return async (tenantId, actions) => {
    for (const action of actions) {
      const { count, remainingMs } = await store.count(`${tenantId}:${action}`, WINDOW_MS);
      if (count > most[action]) {
        throw tooMany(action, remainingMs);
      }
    }
  };
}

function checkLimits(limits: Record<string, number>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit <= 0) {
      throw new TypeError(`createCredentialRoutes: rateLimits.${name} must be a positive integer`);
    }
  }
}

function tooMany(action: LimitedAction, remainingMs: number): HttpError {
  const seconds = Math.max(1, Math.ceil(remainingMs / 1000));
  const what = action === 'writes' ? 'changes' : 'verifications';
  return new HttpError(429, `Too many ${what} of this tenant: try again in ${seconds} seconds`, {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Counts in windows that begin with a tenant's first request. */
function memoryStore(): RateLimitStore {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return {
    count(key, windowMs) {
      const now = Date.now();
      let window = windows.get(key);
      if (!window || window.endsAt <= now) {
        forgetEnded(windows, now);
        window = { count: 0, endsAt: now + windowMs };
        windows.set(key, window);
      }
      window.count += 1;
      return { count: window.count, remainingMs: window.endsAt - now };
    },
  };
}

function forgetEnded(windows: Map<string, { endsAt: number }>, now: number): void {
  if (windows.size < MAX_WINDOWS) {
    return;
  }
  for (const [key, { endsAt }] of windows) {
    if (endsAt <= now) {
      windows.delete(key);
    }
  }
}
