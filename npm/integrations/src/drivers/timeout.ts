import { inTime } from '../in-time.js';
import type { DatabaseDriver } from '../types.js';

/** A driver whose statements are given up after a time: by itself a driver may never answer. */
export function withTimeout(driver: DatabaseDriver, milliseconds: number): DatabaseDriver {
  return {
    query(sql, params) {
      // Not the SQLSTATE of a server that cancelled it: this statement may still be carried out.
      const late = () => ({ code: 'DRIVER_TIMEOUT' });
      return inTime(() => driver.query(sql, params), milliseconds, late);
    },
  };
}
