import type { DatabaseDriver } from '../types.js';

/** A driver whose statements are given up after a time: by itself a driver may never answer. */
export function withTimeout(driver: DatabaseDriver, milliseconds: number): DatabaseDriver {
  return {
    async query(sql, params) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const timeout = new Promise<never>((_, reject) => {
        // Not the SQLSTATE of a server that cancelled it: this statement may still be carried out.
        timer = setTimeout(reject, milliseconds, { code: 'DRIVER_TIMEOUT' });
      });
      try {
        return await Promise.race([driver.query(sql, params), timeout]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
