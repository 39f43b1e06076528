import type { DatabaseDriver } from '../types.js';

type Params = (string | null)[];
type Answer = ReturnType<DatabaseDriver['query']>;

/** What this package needs of a `pg` `Pool` or `Client`, or of a PGlite database. */
export interface SqlClient {
  query(sql: string, params: Params): Promise<{ rows: readonly unknown[] }>;
}

/** What this package needs of the function that `neon()` of `@neondatabase/serverless` returns. */
export type NeonSql =
  | { query(sql: string, params: Params): Answer }
  // Before its version 1.
  | ((sql: string, params: Params) => Answer);

/** The drivers of clients: the same one again, so that configuring it again changes nothing. */
const SQL_DRIVERS = new WeakMap<object, DatabaseDriver>();
const NEON_DRIVERS = new WeakMap<object, DatabaseDriver>();

/**
 * A driver for a `Pool` or `Client` of `pg`, or a `Pool` of `@neondatabase/serverless`. Never
 * throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function pgDriver(client: SqlClient): DatabaseDriver {
  return sqlDriver(client);
}

/**
 * A driver for `neon(url)` of `@neondatabase/serverless`: one HTTP request for each call. Never
 * throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function neonDriver(neonSql: NeonSql): DatabaseDriver {
  const query = 'query' in neonSql ? neonSql.query.bind(neonSql) : neonSql;
  return onlyDriver(NEON_DRIVERS, neonSql, { query: (sql, params) => query(sql, params) });
}

/**
 * A driver for a PGlite database. Never throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function pgliteDriver(database: SqlClient): DatabaseDriver {
  return sqlDriver(database);
}

function sqlDriver(client: SqlClient): DatabaseDriver {
  return onlyDriver(SQL_DRIVERS, client, { query: (sql, params) => client.query(sql, params) });
}

/** The driver that a client has already, or the one that it has from now on. */
function onlyDriver(
  drivers: WeakMap<object, DatabaseDriver>,
  client: object,
  made: DatabaseDriver,
): DatabaseDriver {
  const driver = drivers.get(client) ?? made;
  // What is no client is left to the first statement, which fails.
  if ((typeof client === 'object' && client !== null) || typeof client === 'function') {
    drivers.set(client, driver);
  }
  return driver;
}
