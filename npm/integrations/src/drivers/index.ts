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

/**
 * A driver for a `Pool` or `Client` of `pg`, or a `Pool` of `@neondatabase/serverless`. Never
 * throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function pgDriver(client: SqlClient): DatabaseDriver {
  return { query: (sql, params) => client.query(sql, params) };
}

/**
 * A driver for `neon(url)` of `@neondatabase/serverless`: one HTTP request for each call. Never
 * throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function neonDriver(neonSql: NeonSql): DatabaseDriver {
  const query = 'query' in neonSql ? neonSql.query.bind(neonSql) : neonSql;
  return { query: (sql, params) => query(sql, params) };
}

/**
 * A driver for a PGlite database. Never throws.
 *
 * @returns a driver for `configureIntegrations` and `createIntegrations`
 */
export function pgliteDriver(database: SqlClient): DatabaseDriver {
  return { query: (sql, params) => database.query(sql, params) };
}
