export * from './generated/types.js';

/** JSON text of a value of type `T`. */
export type Json<T> = string & { readonly json?: T };

/** The decrypted secrets of one API credential. */
export interface TenantApiKeyAndSecret {
  apiKey: string;
  apiSecret: string | null;
}

/**
 * Runs one SQL statement. Every parameter is text; every row has one text column.
 *
 * A rejection whose `code` is a SQLSTATE becomes the matching error of this package.
 */
export interface DatabaseDriver {
  query(
    sql: string,
    params: (string | null)[],
  ): Promise<readonly unknown[] | { rows: readonly unknown[] }>;
}

/** Options of `configureIntegrations`. What is left out comes from the environment. */
export interface IntegrationsOptions {
  /** Master key; otherwise `INTEGRATION_ENCRYPTION_KEY`. */
  encryptionKey?: string | undefined;
  /** PostgreSQL URL (native backend); otherwise `POSTGRES_URL` or `DATABASE_URL`. */
  databaseUrl?: string | undefined;
  /** Database driver (WebAssembly backend): `pgDriver`, `neonDriver`, `pgliteDriver` or your own. */
  driver?: DatabaseDriver | undefined;
  /** Connections that the pool opens at most. Default 10. */
  maxConnections?: number | undefined;
  /** Milliseconds to wait for a connection, be it free or new. Default 10 000. */
  connectTimeoutMs?: number | undefined;
  /** Milliseconds that one statement may take before it is cancelled. Default 15 000. */
  statementTimeoutMs?: number | undefined;
  /** Milliseconds that an unused connection is kept. Default 30 000. */
  idleTimeoutMs?: number | undefined;
}

/** The options as a backend takes them. */
export type BackendOptions = IntegrationsOptions;
