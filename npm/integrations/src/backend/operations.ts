// The functions of the Rust core's store (`store/operations.rs`), by name, and the backends' classes.

import type { PlainDriver } from '../drivers/answer.js';
import type { Audit } from '../events/actor.js';
import type {
  CredentialVerification,
  IntegrationsOptions,
  Json,
  Layout,
  TenantApiCredential,
  TenantApiKeyAndSecret,
  TenantCredential,
  TenantIntegrationStatus,
  VerificationRequest,
} from '../types.js';
import type { CoreKeys } from './keys.js';
import type { CoreTables } from './layout.js';

/** The functions of one credential. With `api.` before the name, Stripe, Resend and Wise are refused. */
interface CredentialOperations {
  config(tenantId: string, service: string): Json<unknown> | null;
  /** Without a service, the input's `serviceName` names it. */
  save(
    tenantId: string,
    service: string | null,
    input: unknown,
    audit: Audit | undefined,
  ): Json<unknown>;
  /** Whether there was a row, connected or not. */
  delete(tenantId: string, service: string, audit: Audit | undefined): boolean;
  /** The decrypted secret of an input field. */
  secret(tenantId: string, service: string, field: string, audit: Audit | undefined): string | null;
  updateVerification(
    tenantId: string,
    service: string,
    verified: boolean,
    account: unknown,
    error: unknown,
    audit: Audit | undefined,
  ): void;
  keyAndSecret(
    tenantId: string,
    service: string,
    audit: Audit | undefined,
  ): Json<TenantApiKeyAndSecret> | null;
}

/** What the store does, its arguments as the Rust core checks them. */
export type Operations = CredentialOperations & {
  [Name in keyof CredentialOperations as `api.${Name}`]: CredentialOperations[Name];
} & {
  apiCredentials(tenantId: string): Json<TenantApiCredential[]>;
  webhookSecret(tenantId: string, service: string, audit: Audit | undefined): string | null;
  statuses(tenantId: string): Json<TenantIntegrationStatus[]>;
  /** A credential whole and decrypted: what a client is made from. */
  credential(
    tenantId: string,
    service: string,
    audit: Audit | undefined,
  ): Json<TenantCredential> | null;
  /** The `revision` of a credential alone. */
  revision(tenantId: string, service: string): Json<string> | null;
  /** The request about the stored credential; with an input, about the one a save would leave. */
  prepareVerification(
    tenantId: string,
    service: string,
    input: unknown,
    endpoint: string | undefined,
    sandboxEndpoint: string | undefined,
  ): Json<VerificationRequest> | null;
  recordVerification(
    tenantId: string,
    service: string,
    request: string,
    response: string,
    audit: Audit | undefined,
  ): Json<CredentialVerification>;
  saveVerified(
    tenantId: string,
    service: string,
    input: unknown,
    request: string,
    response: string,
    audit: Audit | undefined,
  ): Json<unknown>;
  prepareInputVerification(
    service: string,
    input: unknown,
    endpoint: string | undefined,
    sandboxEndpoint: string | undefined,
  ): Json<VerificationRequest>;
  readVerification(
    service: string,
    request: string,
    response: string,
  ): Json<CredentialVerification>;
  deriveTenantKey(tenantId: string): string;
  /** Who is connected to the database, which may be that of a tenant. */
  keySessions(tenantId: string | undefined): Json<unknown>;
  /** What the tenant's values are under. */
  keyUsage(tenantId: string): Json<unknown>;
  /** Rewrites them; in the format of the configuration if none is given. */
  rotate(
    tenantId: string,
    format: 'v1' | 'v2' | undefined,
    dryRun: boolean,
    includeDisconnected: boolean,
    audit: Audit | undefined,
  ): Json<unknown>;
  /** Events after the cursor, in an order. */
  events(
    tenantId: string,
    order: 'newest' | 'oldest' | 'sealed',
    cursor: string | undefined,
    limit: string,
    service: string | undefined,
  ): Json<unknown>;
  sealEvents(tenantId: string): Json<unknown>;
  verifyEvents(tenantId: string): Json<unknown>;
  /** What scheduled work knows: the connected credentials and the states that it keeps. */
  schedule(tenantId: string): Json<unknown>;
  /** Whether the state of that version, `0` being none, was still there. */
  swapState(
    tenantId: string,
    name: string,
    version: string,
    state: string,
    audit: Audit | undefined,
  ): boolean;
  /**
   * What is wrong with tenants whose slugs have commas in between, and with tables that they share; without
   * slugs, with these alone. All of them are in the database of the first.
   */
  diagnose(tenantIds: string): Json<unknown>;
  /** The columns and tables that migrations add and the tenant's schema lacks. */
  unmigrated(tenantId: string): Json<string[]>;
  createTenant(tenantId: string): void;
  migrateTenant(tenantId: string): void;
  /** Whether the tenant was not in the layout yet. */
  moveTenant(tenantId: string, to: Layout): boolean;
  /** Those that are in the other layout. */
  tenantsToMove(to: Layout): Json<string[]>;
  /** Makes the tables that tenants share, and what they lack. */
  migrateShared(): void;
  tenants(): Json<string[]>;
  /** Those whose schema lacks what a migration makes, and those that a move has left without tables. */
  tenantsToMigrate(): Json<string[]>;
};

/** The operations that are not about a tenant: the first argument of all others is one. */
export const WITHOUT_TENANT: readonly (keyof Operations)[] = [
  'prepareInputVerification',
  'readVerification',
  'tenants',
  'tenantsToMigrate',
  'migrateShared',
  'tenantsToMove',
];

/** The operations that need no key, so that a function `encryptionKey` that fails does not stop them. */
export const WITHOUT_KEY: readonly (keyof Operations)[] = [
  'createTenant',
  'diagnose',
  'migrateShared',
  'migrateTenant',
  'moveTenant',
  'tenants',
  'tenantsToMigrate',
  'tenantsToMove',
  'unmigrated',
];

/** The Rust core's side of one configuration. */
export interface CoreStore {
  call<Name extends keyof Operations>(
    operation: Name,
    args: Parameters<Operations[Name]>,
  ): Promise<ReturnType<Operations[Name]>>;
  close(): Promise<void>;
  isServerUnverified(): boolean;
}

/** The options as the Rust core takes them. */
interface CoreOptions extends Omit<IntegrationsOptions, 'driver'> {
  keys: CoreKeys;
  tables: CoreTables;
  driver: PlainDriver | undefined;
}

/** What the Rust core exports, on either backend. */
export interface Backend {
  Integrations: new (options: CoreOptions) => CoreStore;
  encryptToken(plaintext: string, key: string, options: object | undefined): Promise<string>;
  decryptToken(token: string, key: string, context: object | undefined): Promise<string>;
  encryptShopifyToken(plaintext: string, key: string): Promise<string>;
  decryptShopifyToken(token: string, key: string): Promise<string>;
  generateEncryptionKey(): string;
  isValidEncryptionKey(key: unknown): boolean;
  checkTenantId(tenantId: string): void;
}

/** An instance of a backend that may fail as a whole. */
export interface Instance {
  /** Whether it failed, so that another one must take its place. */
  readonly failed: boolean;
  /** Lets a promise of the instance reject when the instance fails: by itself it never settles. */
  settle<T>(work: Promise<T>): Promise<T>;
}
