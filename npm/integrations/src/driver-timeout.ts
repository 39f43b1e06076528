import type { DatabaseDriver } from './types.js';

/** The SQLSTATE `query_canceled`, which the Rust core makes `DATABASE_TIMEOUT` of. */
const QUERY_CANCELED = '57014';

/** A driver whose statements are given up after a time: by itself a driver may never answer. */
export function withTimeout(driver: DatabaseDriver, milliseconds: number): DatabaseDriver {
  return {
    async query(sql, params) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(reject, milliseconds, { code: QUERY_CANCELED });
      });
      try {
        return await Promise.race([driver.query(sql, params), timeout]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
