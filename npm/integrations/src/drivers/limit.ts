import type { DatabaseDriver } from '../types.js';

/** How many statements a driver gets at a time, and how long others wait for their turn. */
export interface DriverLimit {
  atMost: number;
  waitMs: number;
  /** After which a statement is over whatever its driver says. */
  statementTimeoutMs: number;
}

/** Gives a turn, or rejects; ends with the call of the function that it gives. */
type Turns = () => Promise<() => void>;

/** Milliseconds between two looks whether it is one's turn, and after which nobody looks any more. */
const LOOK_MS = 10;
const GONE_MS = 1_000;

/** A driver that gets a limited number of statements at a time: a burst would be as many requests. */
export function withLimit(driver: DatabaseDriver, limit: DriverLimit): DatabaseDriver {
  const turns = IS_EDGE_BUILD ? lookingTurns(limit) : orderlyTurns(limit);
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
 * On the edge a request can be cut off, and cannot be woken by another: each looks for itself, and
 * neither a turn that was not ended nor a place that nobody stands in lasts.
 */
function lookingTurns({ atMost, waitMs, statementTimeoutMs }: DriverLimit): Turns {
  /** When they began, and when those who wait looked last, in order of arrival. */
  const running = new Map<object, number>();
  const waiting = new Map<object, number>();
  const isNext = (turn: object, now: number) => {
    forgetBefore(running, now - statementTimeoutMs);
    let before = running.size;
    for (const [other, lookedAt] of waiting) {
      if (other === turn || before >= atMost) {
        break;
      }
      if (now - lookedAt > GONE_MS) {
        waiting.delete(other);
      } else {
        before += 1;
      }
    }
    return before < atMost;
  };
  return async () => {
    const turn = {};
    const deadline = Date.now() + waitMs;
    for (let now = Date.now(); !isNext(turn, now); now = Date.now()) {
      if (now >= deadline) {
        waiting.delete(turn);
        throw busy();
      }
      waiting.set(turn, now);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    waiting.delete(turn);
    running.set(turn, Date.now());
    return () => running.delete(turn);
  };
}

function forgetBefore(turns: Map<object, number>, time: number): void {
  for (const [turn, startedAt] of turns) {
    if (startedAt < time) {
      turns.delete(turn);
    }
  }
}

/** The Rust core says what to do. */
function busy(): object {
  return { code: 'DRIVER_BUSY' };
}
