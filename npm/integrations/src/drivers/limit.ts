import type { DatabaseDriver } from '../types.js';

/** How many statements a driver gets at a time, and how long others wait for their turn. */
export interface DriverLimit {
  atMost: number;
  /** Of these, statements of one tenant. */
  atMostOfTenant: number;
  waitMs: number;
  /** After which a statement is over whatever its driver says. */
  statementTimeoutMs: number;
}

/** A driver that is handed for whom a statement is run; `null` for nobody. */
export interface TenantDriver {
  query(sql: string, params: (string | null)[], tenant: string | null): Promise<unknown>;
}

/** Gives a turn, or rejects; ends with the call of the function that it gives. */
type Turns = (tenant: string | null) => Promise<() => void>;

/** Whose turn something is. */
interface Turn {
  readonly tenant: string | null;
}

/** Milliseconds between two looks whether it is one's turn, and after which nobody looks any more. */
const LOOK_MS = 10;
const GONE_MS = 1_000;

/** A driver that gets a limited number of statements at a time: a burst would be as many requests. */
export function withLimit(driver: DatabaseDriver, limit: DriverLimit): TenantDriver {
  const turns = IS_EDGE_BUILD ? lookingTurns(limit) : orderlyTurns(limit);
  return {
    async query(sql, params, tenant) {
      const end = await turns(tenant);
      try {
        return await driver.query(sql, params);
      } finally {
        end();
      }
    },
  };
}

/** The places that statements take. */
class Places {
  readonly #limit: DriverLimit;
  readonly #ofTenants = new Map<string | null, number>();
  #taken = 0;

  constructor(limit: DriverLimit) {
    this.#limit = limit;
  }

  get areTaken(): boolean {
    return this.#taken >= this.#limit.atMost;
  }

  /** Takes one, if there is one for the tenant. */
  take({ tenant }: Turn): boolean {
    const ofTenant = this.#ofTenants.get(tenant) ?? 0;
    if (this.areTaken || (tenant !== null && ofTenant >= this.#limit.atMostOfTenant)) {
      return false;
    }
    this.#taken += 1;
    this.#ofTenants.set(tenant, ofTenant + 1);
    return true;
  }

  leave({ tenant }: Turn): void {
    this.#taken -= 1;
    const ofTenant = this.#ofTenants.get(tenant) ?? 0;
    if (ofTenant > 1) {
      this.#ofTenants.set(tenant, ofTenant - 1);
    } else {
      this.#ofTenants.delete(tenant);
    }
  }
}

/** Who waits longest is next, but for tenants that have their share. */
function orderlyTurns(limit: DriverLimit): Turns {
  const waiting = new Map<Turn, () => void>();
  const places = new Places(limit);
  const end = (turn: Turn) => {
    places.leave(turn);
    for (const [next, begin] of waiting) {
      if (places.take(next)) {
        begin();
        return;
      }
    }
  };
  return async (tenant) => {
    const turn: Turn = { tenant };
    if (!places.take(turn)) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(turn);
          reject(busy(places));
        }, limit.waitMs);
        waiting.set(turn, () => {
          waiting.delete(turn);
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return () => end(turn);
  };
}

/**
 * On the edge a request can be cut off, and cannot be woken by another: each looks for itself, and
 * neither a turn that was not ended nor a place that nobody stands in lasts.
 */
function lookingTurns(limit: DriverLimit): Turns {
  /** When they began, and when those who wait looked last, in order of arrival. */
  const running = new Map<Turn, number>();
  const waiting = new Map<Turn, number>();
  /** The places when it is a turn's. */
  const placesFor = (turn: Turn, now: number) => {
    forgetBefore(running, now - limit.statementTimeoutMs);
    forgetBefore(waiting, now - GONE_MS);
    const places = new Places(limit);
    for (const other of [...running.keys(), ...waiting.keys()]) {
      if (other === turn) {
        break;
      }
      places.take(other);
    }
    return places;
  };
  return async (tenant) => {
    const turn: Turn = { tenant };
    const deadline = Date.now() + limit.waitMs;
    for (let now = Date.now(); ; now = Date.now()) {
      const places = placesFor(turn, now);
      if (places.take(turn)) {
        break;
      }
      if (now >= deadline) {
        waiting.delete(turn);
        throw busy(places);
      }
      waiting.set(turn, now);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    waiting.delete(turn);
    running.set(turn, Date.now());
    return () => running.delete(turn);
  };
}

function forgetBefore(turns: Map<Turn, number>, time: number): void {
  for (const [turn, at] of turns) {
    if (at < time) {
      turns.delete(turn);
    }
  }
}

/** The Rust core says what to do. */
function busy(places: Places): object {
  return { code: places.areTaken ? 'DRIVER_BUSY' : 'DRIVER_SHARE' };
}
