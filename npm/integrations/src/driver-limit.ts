import type { DatabaseDriver } from './types.js';

/** How many statements a driver gets at a time, and how long others wait for their turn. */
export interface DriverLimit {
  atMost: number;
  waitMs: number;
  /** After which a statement is over whatever its driver says. */
  statementTimeoutMs: number;
}

/** Gives a turn, or rejects; ends with the call of the function that it gives. */
type Turns = () => Promise<() => void>;

/** Milliseconds between two looks whether it is one's turn. */
const LOOK_MS = 10;

/** A driver that gets a limited number of statements at a time: a burst would be as many requests. */
export function withLimit(driver: DatabaseDriver, limit: DriverLimit): DatabaseDriver {
  const turns = BUILT_FOR_EDGE ? lookingTurns(limit) : orderlyTurns(limit);
  return {
    async query(sql, params) {
      const end = await turns();
      try {
        return await driver.query(sql, params);
      } finally {
        end();
      }
    },
  };
}

/** Who waits longest is next. */
function orderlyTurns({ atMost, waitMs }: DriverLimit): Turns {
  const waiting = new Set<() => void>();
  let running = 0;
  const end = () => {
    const [next] = waiting;
    if (next) {
      next();
    } else {
      running -= 1;
    }
  };
  return async () => {
    if (running < atMost) {
      running += 1;
      return end;
    }
    return new Promise((resolve, reject) => {
      const next = () => {
        waiting.delete(next);
        clearTimeout(timer);
        resolve(end);
      };
      const timer = setTimeout(() => {
        waiting.delete(next);
        reject(busy());
      }, waitMs);
      waiting.add(next);
    });
  };
}

/**
 * On the edge a request can be cut off, and cannot be woken by another: each looks for itself, and a
 * turn that was not ended does not last.
 */
function lookingTurns({ atMost, waitMs, statementTimeoutMs }: DriverLimit): Turns {
  const running = new Map<object, number>();
  const isFull = () => {
    for (const [turn, startedAt] of running) {
      if (Date.now() - startedAt > statementTimeoutMs) {
        running.delete(turn);
      }
    }
    return running.size >= atMost;
  };
  return async () => {
    const deadline = Date.now() + waitMs;
    while (isFull()) {
      if (Date.now() >= deadline) {
        throw busy();
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const turn = {};
    running.set(turn, Date.now());
    return () => running.delete(turn);
  };
}

/** The Rust core says what to do. */
function busy(): object {
  return { code: 'DRIVER_BUSY' };
}
