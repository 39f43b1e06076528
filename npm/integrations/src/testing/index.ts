// `@cgk-platform/integrations/testing`: the vault in memory, for other people's tests.
//
// Like `routes/` it imports what has state from `../index.js` alone: see there.

import { integrationError } from '../errors.js';
import {
  type CredentialInput,
  closeIntegrations,
  configureIntegrations,
  createTenant,
  listTenants,
  type TenantService,
  type TokenFormat,
} from '../index.js';
import { ownProperties } from '../own-properties.js';
import { TEST_CREDENTIALS } from './credentials.js';
import { TestDatabase } from './database.js';
import { StoredCredentials } from './stored-credentials.js';
import { type VendorAnswer, type VendorRequest, VendorServer } from './vendor-server.js';

export { TEST_CREDENTIALS } from './credentials.js';
export type { VendorAnswer, VendorRequest } from './vendor-server.js';

/** The master key of test vaults: 64 hex digits, as token format v2 needs. Anybody can read what it encrypts. */
export const TEST_ENCRYPTION_KEY = '7e57'.repeat(16);

/** What a test tenant has, by service: an input, or `true` for that of `TEST_CREDENTIALS`. */
export type TestCredentials = {
  readonly [Service in TenantService]?: true | CredentialInput<Service>;
};

export interface TestTenantOptions {
  /** Default: a slug of its own. */
  tenantId?: string;
}

export interface TestVaultOptions {
  /** The format of tokens; `INTEGRATION_TOKEN_FORMAT` if left out, or v1. */
  tokenFormat?: TokenFormat;
}

/** A vault in memory, which `@cgk-platform/integrations` answers from until it is stopped. */
export interface TestVault {
  /** Makes a tenant with credentials and gives its id. */
  createTestTenant(credentials?: TestCredentials, options?: TestTenantOptions): Promise<string>;
  /** What SDKs and verifications sent to vendors since the last reset. */
  readonly requests: readonly VendorRequest[];
  /** Sets what a vendor answers to a method and path, such as `POST /v1/customers`. */
  respond(service: TenantService, methodAndPath: string, answer: VendorAnswer): void;
  /** Removes all tenants, requests, answers that were set, and cached clients. */
  reset(): Promise<void>;
  /** Ends the database and the vendors, and leaves the package as it was before. */
  stop(): Promise<void>;
}

let running = false;

/**
 * Starts a vault in memory: PGlite as the database, a fixed key, vendors on loopback. Code under test
 * calls `@cgk-platform/integrations` as it does elsewhere.
 *
 * @returns the vault
 * @throws `TESTING_REFUSED` under NODE_ENV=production, `TESTING_RUNNING` if another one runs in this
 *   module registry, `PGLITE_MISSING`, `CONFIG_INVALID` for another format
 */
export async function startTestVault(options: TestVaultOptions = {}): Promise<TestVault> {
  if (process.env.NODE_ENV === 'production') {
    throw integrationError(
      'TESTING_REFUSED',
      '@cgk-platform/integrations/testing does not run with NODE_ENV=production: its key is public',
    );
  }
  if (running) {
    throw integrationError(
      'TESTING_RUNNING',
      'A test vault is running already: call its stop() before starting another one',
    );
  }
  running = true;
  try {
    return await start(options);
  } catch (error) {
    running = false;
    throw error;
  }
}

async function start(options: TestVaultOptions): Promise<TestVault> {
  const { tokenFormat = environmentFormat() } = ownProperties(options);
  const [database, vendors] = await Promise.all([TestDatabase.start(), VendorServer.start()]);
  // A token of v2 opens in its own tenant only.
  const stored = new StoredCredentials(database, tokenFormat === 'v1');
  let tenants = 0;
  try {
    configureIntegrations({
      driver: database,
      encryptionKey: TEST_ENCRYPTION_KEY,
      tokenFormat,
      endpoints: vendors.endpoints,
    });
  } catch (error) {
    await Promise.all([database.stop(), vendors.stop()]);
    throw error;
  }
  return {
    requests: vendors.requests,
    respond: (service, methodAndPath, answer) => vendors.respond(service, methodAndPath, answer),

    async createTestTenant(credentials = {}, options = {}) {
      tenants += 1;
      const { tenantId = `test_${tenants}` } = ownProperties(options);
      await createTenant(tenantId);
      for (const [service, input] of Object.entries(credentials)) {
        await save(stored, tenantId, service as TenantService, input);
      }
      return tenantId;
    },

    async reset() {
      const schemas = (await listTenants()).map((slug) => `tenant_${slug}`);
      if (schemas.length > 0) {
        await database.execute(`drop schema ${schemas.join(', ')} cascade`);
      }
      vendors.reset();
      // Drops the clients that are kept.
      await closeIntegrations();
    },

    async stop() {
      configureIntegrations({});
      await Promise.all([database.stop(), vendors.stop()]);
      running = false;
    },
  };
}

function environmentFormat(): TokenFormat {
  return (process.env.INTEGRATION_TOKEN_FORMAT || 'v1') as TokenFormat;
}

function save<Service extends TenantService>(
  stored: StoredCredentials,
  tenantId: string,
  service: Service,
  input: true | CredentialInput<Service> | undefined,
): Promise<void> {
  const given = input === true ? TEST_CREDENTIALS[service] : input;
  return given === undefined ? Promise.resolve() : stored.save(tenantId, service, given);
}
