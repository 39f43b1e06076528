import type { TenantService } from './generated/catalog.js';

export * from './generated/catalog.js';
export * from './generated/types.js';

/** JSON text of a value of type `T`. */
export type Json<T> = string & { readonly json?: T };

/** The decrypted secrets of one API credential. */
export interface TenantApiKeyAndSecret {
  apiKey: string;
  apiSecret: string | null;
}

/** Whether a service is connected, and how it is doing. */
export type TenantIntegrationStatus = {
  /** Id of the service. */
  service: string;
  /** Name of the service as shown to people. */
  displayName: string;
  /** Whether an active credential is stored. */
  connected: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** Whether the credential cannot be used as it is. */
  hasError: boolean;
  /** What is wrong, in plain words. */
  errorMessage: string | null;
  /** The `code` of the error that reading the stored credential gives. */
  errorCode?: string;
  /** Since when the vendor has been refusing the stored credential. */
  failingSince?: Date;
  /** What is known of the account at the vendor. */
  accountInfo?: Record<string, unknown>;
  /** What is stored unencrypted, by the name of the input field. */
  values?: Record<string, string | boolean>;
  /** The input fields whose secrets are stored. */
  secretsSet?: string[];
};

/**
 * What became of a verification:
 * - `valid`: the vendor accepts the credential;
 * - `under_scoped`: it accepts it, but not for the call that verification makes;
 * - `restricted`: it is right, but something else stands in its way: see `restriction`;
 * - `invalid`: it refuses it;
 * - `unreachable`: no answer, or one that says nothing of the credential;
 * - `rate_limited`: the vendor asks to wait;
 * - `unchecked`: the vendor was not asked.
 */
export type VerificationStatus =
  | 'valid'
  | 'under_scoped'
  | 'restricted'
  | 'invalid'
  | 'unreachable'
  | 'rate_limited'
  | 'unchecked';

/**
 * What stands in the way of a credential that is right: the server's address, a limit to websites or
 * apps, the server's country, another region's host, a used-up quota, a payment, or an account that is
 * not active.
 */
export type CredentialRestriction =
  | 'address'
  | 'app'
  | 'country'
  | 'region'
  | 'quota'
  | 'billing'
  | 'account';

/** The result of a verification. */
export interface CredentialVerificationResult {
  /** Whether the vendor accepts the credential: `valid` and `under_scoped`. */
  valid: boolean;
  accountId?: string;
  accountName?: string;
  /** What is wrong, in words that can be shown. */
  error?: string;
  metadata?: Record<string, unknown>;
}

/** The result of a verification, with what exactly came of it. */
export interface CredentialVerification extends CredentialVerificationResult {
  status: VerificationStatus;
  /** Stable name of what is wrong, such as `CREDENTIAL_INVALID` or `VENDOR_TIMEOUT`. */
  code?: string;
  /**
   * For `invalid`: the vendor says in so many words that the credential was revoked or has expired, as
   * Stripe does. Scheduled verification asks no second time then.
   */
  revoked?: boolean;
  /** For `under_scoped`: what the credential is not allowed. */
  missingPermission?: string;
  /** For `restricted`: what stands in the way; `error` says what to do. */
  restriction?: CredentialRestriction;
  /** For `rate_limited`: seconds to wait, where the vendor says so. */
  retryAfterSeconds?: number;
}

/** The result of verifying a Stripe key. */
export interface StripeVerification extends CredentialVerification {
  /** Two-letter country of the account. */
  accountCountry?: string;
  livemode?: boolean;
}

/** The result of verifying a Resend key. */
export interface ResendVerification extends CredentialVerification {
  /** Domains that Resend has verified. */
  domains?: string[];
}

/** The result of verifying a Wise token. */
export interface WiseVerification extends CredentialVerification {
  profiles?: WiseProfile[];
}

/** A profile of a Wise account. */
export interface WiseProfile {
  id: number;
  type: 'personal' | 'business';
  details: { name?: string; firstName?: string; lastName?: string };
}

/** Who makes a change, for its event. */
export interface Actor {
  /** What kind of actor, such as `user`, `job` or `cli`. */
  type: string;
  /** Its id, such as that of a user. */
  id?: string | undefined;
  /** The id of the request, to find it in other logs. */
  requestId?: string | undefined;
  /** The network address that the request came from. */
  address?: string | undefined;
}

/** Options of what changes or verifies a credential. */
export interface ChangeOptions {
  /** Who makes the change, where events are written; otherwise the actor of `runAs`. */
  actor?: Actor | undefined;
}

/** Options of the functions that save a credential. */
export interface SaveOptions extends ChangeOptions {
  /** Asks the vendor first, and stores nothing if it refuses the credential. Default `false`. */
  verify?: boolean;
  /** When the key ends, for the events `credential.expiring` and `credential.expired`. Needs `events`. */
  expiresAt?: Date | undefined;
  /** Days after which the key is to be replaced, for `credential.rotation_due`. Needs `events`. */
  rotateAfterDays?: number | undefined;
}

/** A credential whole and decrypted: what a client is made from. */
export interface TenantCredential {
  /** By the name of the input field; booleans as `true` and `false`. */
  values: Record<string, string>;
  /** Account details of the last verification. */
  account: Record<string, unknown>;
  /** Changes with the credential. */
  revision: string;
}

/** The request that asks a vendor about a credential. */
export interface VerificationRequest {
  request: { url: string; headers: Record<string, string> };
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

/**
 * The format of tokens:
 * - `v1`: writes v1, reads both. What the legacy package understands;
 * - `v2`: writes v2, reads both;
 * - `v2-only`: writes v2 and refuses v1, so that a token opens in its own place only.
 */
export type TokenFormat = 'v1' | 'v2' | 'v2-only';

/** Where tenants have their tables: each in a schema of its own, or all in one. */
export type Layout = 'schema' | 'shared';

/** A vendor that refused the credential of a client. */
export interface VendorRefusal {
  tenantId: string;
  service: TenantService;
  /** Resolves when the credential was checked, or could not be. Never rejects. */
  checked: Promise<void>;
}

/** Options of `configureIntegrations`. What is left out comes from the environment. */
export interface IntegrationsOptions {
  /**
   * The key that writes; otherwise `INTEGRATION_ENCRYPTION_KEY`. Or a function that gives it, such as
   * one that asks a KMS: it is called by the first call that needs the key.
   */
  encryptionKey?: string | (() => string | Promise<string>) | undefined;
  /** Milliseconds after which the function `encryptionKey` is asked again. Never if left out. */
  encryptionKeyTtlMs?: number | undefined;
  /**
   * Keys that only read, because other processes write with them already; otherwise
   * `INTEGRATION_ENCRYPTION_KEY_NEXT`, which holds one key or a JSON array. At most eight keys in all.
   */
  nextEncryptionKeys?: readonly string[] | undefined;
  /** Keys that only read, because values are still under them; otherwise `INTEGRATION_ENCRYPTION_KEY_PREVIOUS`. */
  previousEncryptionKeys?: readonly string[] | undefined;
  /** The format that tokens are written in; otherwise `INTEGRATION_TOKEN_FORMAT`, or v1. */
  tokenFormat?: TokenFormat | undefined;
  /**
   * Whether every change of a credential writes an event, in the statement of the change. Needs the
   * migration `credential_events`. Otherwise `INTEGRATION_EVENTS`, which is `true` or anything else.
   */
  events?: boolean | undefined;
  /**
   * Which reads of secrets write an event: none, the first of this process for each tenant, service and
   * hour, or all. Needs `events`. Default `off`.
   */
  auditReads?: 'off' | 'first' | 'all' | undefined;
  /**
   * URL of the server itself, not of a pooler, at which a process on Node hears of changes at once by
   * LISTEN; otherwise `INTEGRATION_LISTEN_URL`. Needs `events` and the package `pg`. Changes notify where it is
   * set.
   */
  listenUrl?: string | undefined;
  /**
   * Milliseconds that a cached client is used without asking whether its credential was changed. With 0 every
   * call asks. Default 10 000.
   */
  maxStaleMs?: number | undefined;
  /**
   * Whether a cached client is given up, too, where the database does not answer the question. Default
   * `false`: then it is used for its five minutes.
   */
  failClosed?: boolean | undefined;
  /**
   * Whether a client whose vendor refuses its credential (401, or what the vendor has for it) has that
   * checked: once a minute at most, for the process. The answer is put down as that of
   * `verifyDueCredentials`, so that the credential becomes `suspect` at once. Needs `events`. A function is
   * called with each check that begins, for platforms that stop what is not waited for.
   * Default `false`.
   */
  onVendorRefusal?: boolean | ((refusal: VendorRefusal) => unknown) | undefined;
  /**
   * PostgreSQL URL (native backend, and Neon on the edge); otherwise `POSTGRES_URL` or `DATABASE_URL`.
   * Or a function that gives that of a tenant's database, where tenants are in several: it is asked for
   * each call and its answer is not kept, so it should remember what is slow to look up.
   */
  databaseUrl?: string | ((tenantId: string) => string | Promise<string>) | undefined;
  /**
   * Databases that are connected to at a time, where `databaseUrl` is a function; each has a pool of
   * `maxConnections`. One more closes the pool that was not used for longest. Default 20.
   */
  maxDatabases?: number | undefined;
  /**
   * Where tenants have their tables: each in a schema `tenant_<slug>` of its own, which is the default, or all
   * in one (docs/scaling.md). Otherwise `INTEGRATION_LAYOUT`.
   */
  layout?: Layout | undefined;
  /**
   * The schema of the tables that tenants share; otherwise `INTEGRATION_SHARED_SCHEMA`, or `vault`.
   */
  sharedSchema?: string | undefined;
  /**
   * Database driver: `pgDriver`, `neonDriver`, `pgliteDriver` or your own. The WebAssembly backend
   * uses it, and answers where one is given.
   */
  driver?: DatabaseDriver | undefined;
  /**
   * Connections that the pool opens at most, default 10; on the WebAssembly backend, statements that
   * the driver gets at a time, default 100.
   */
  maxConnections?: number | undefined;
  /**
   * Connections of the pool that the calls of one tenant use at a time, so that its locks and bursts
   * leave some to the others. Default three tenths of `maxConnections`, at least 1. On the WebAssembly
   * backend, statements that the driver gets at a time for one tenant, by default all of them.
   */
  maxConnectionsPerTenant?: number | undefined;
  /**
   * Keys derived from v1 tokens that are kept in memory at most, at about 200 bytes each. Default
   * 65 536: at most 13 MB.
   */
  maxDerivedKeys?: number | undefined;
  /** Milliseconds to wait for a connection, be it free or new. Default 10 000. */
  connectTimeoutMs?: number | undefined;
  /** Milliseconds that one statement may take before it is cancelled. Default 15 000. */
  statementTimeoutMs?: number | undefined;
  /** Milliseconds that an unused connection is kept. Default 30 000. */
  idleTimeoutMs?: number | undefined;
  /**
   * Milliseconds that a connection is used at most, however busy it is; each ends up to a fifth
   * earlier, so that not all are renewed at once. Default 600 000.
   */
  maxLifetimeMs?: number | undefined;
  /**
   * Scheme and host at which vendors are reached instead of their own, for proxies and tests.
   * `wise_sandbox` is for credentials of Wise's sandbox; without it `wise` is for these, too.
   */
  endpoints?: Partial<Record<TenantService | 'wise_sandbox', string | undefined>> | undefined;
  /** Milliseconds that a vendor may take to answer a verification or a Wise call. Default 10 000. */
  vendorTimeoutMs?: number | undefined;
}
