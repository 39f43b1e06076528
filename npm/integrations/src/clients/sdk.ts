import { type IntegrationError, integrationError, isIntegrationError } from '../errors.js';
import { catalogEntry, displayName } from '../services.js';
import type { TenantCredential, TenantService } from '../types.js';
import { conceal } from './conceal.js';
import { installable } from './sdk-versions.js';

/**
 * What to throw when a vendor's SDK, an optional peer, could not be imported: `SDK_MISSING` with the
 * command that installs it; on the edge `SDK_UNSUPPORTED`; or else the SDK's own error.
 *
 * Each client has its `import()` in a `try` of its own: only so do bundlers accept that it is missing.
 */
export function importFailure(service: TenantService, packageName: string, error: unknown) {
  if (isMissing(error, packageName)) {
    return integrationError(
      'SDK_MISSING',
      `The client of ${displayName(service)} needs the package ${packageName}: run "npm install ${installable(packageName)}"`,
    );
  }
  if (IS_EDGE_BUILD) {
    return integrationError(
      'SDK_UNSUPPORTED',
      `The SDK of ${displayName(service)} cannot be loaded: install the package ${packageName}; if it is installed, use its client in a function that runs on Node`,
    );
  }
  return error;
}

/**
 * An SDK that a client can do without: `null`, with what to throw of the members that only the SDK
 * has, where it is not installed or cannot run here. Rejects where it is there and fails.
 */
export async function optionalSdk<Sdk>(
  imported: Promise<Sdk>,
): Promise<{ sdk: Sdk } | { sdk: null; missing: IntegrationError }> {
  try {
    return { sdk: await imported };
  } catch (error) {
    if (isIntegrationError(error) && ['SDK_MISSING', 'SDK_UNSUPPORTED'].includes(error.code)) {
      return { sdk: null, missing: error };
    }
    throw error;
  }
}

/** Lets the use of a member that only an SDK has say what is missing, instead of a `TypeError`. */
export function withoutSdkMembers<T extends object>(
  client: T,
  names: readonly string[],
  { code, message }: IntegrationError,
): T {
  for (const name of names) {
    Object.defineProperty(client, name, {
      configurable: true,
      get() {
        throw integrationError(code, message);
      },
    });
  }
  return client;
}

/** For SDKs that are made for Node alone: an edge runtime gets a clear error instead. */
export function needsNode(service: TenantService): Error {
  return integrationError(
    'SDK_UNSUPPORTED',
    `The SDK of ${displayName(service)} does not run on edge runtimes: use its client in a function that runs on Node`,
  );
}

/** Runs an SDK's constructor. Its own error text might quote the credential. */
export function constructClient<T>(service: TenantService, make: () => T): T {
  try {
    return make();
  } catch {
    throw refused(service);
  }
}

function refused(service: TenantService): Error {
  return integrationError(
    'CLIENT_FAILED',
    `The client of ${displayName(service)} cannot use the stored credential: save it again`,
  );
}

/** Adds members that an SDK's instance does not have, without showing them. */
export function defineHidden<T extends object, M extends object>(client: T, members: M): T & M {
  for (const name of Reflect.ownKeys(members)) {
    const value = Reflect.get(members, name);
    Object.defineProperty(client, name, { value, configurable: true, writable: true });
  }
  return client as T & M;
}

/** The stored value of a field, which the Rust core has found to be there. */
export function field(credential: TenantCredential, name: string): string {
  return credential.values[name] ?? '';
}

/** The stored secrets of a service. */
export function secretsOf(service: TenantService, credential: TenantCredential): string[] {
  return catalogEntry(service).secrets.map((name) => field(credential, name));
}

/**
 * Refuses secrets that no HTTP header takes, such as those with a line break: the error of the
 * sender would quote it.
 */
export function checkSendable(service: TenantService, credential: TenantCredential): void {
  if (secretsOf(service, credential).some((secret) => /[^\x20-\x7e]/.test(secret))) {
    throw refused(service);
  }
}

/** Keeps a client from showing its credential when it is printed, made into JSON, spread or cloned. */
export function redactInspection<T extends object>(
  client: T,
  service: TenantService,
  tenantId: string,
  secrets: readonly string[] = [],
): T {
  conceal(client, secrets, `[${displayName(service)} client of tenant ${tenantId}]`);
  return client;
}

/** Node has codes for it, bundlers and Workers only words. */
function isMissing(error: unknown, packageName: string): boolean {
  const [line = ''] = String((error as { message?: unknown } | null)?.message).split('\n');
  return (
    /^(Cannot find|No such|Could not resolve) /.test(line) &&
    [`'${packageName}'`, `"${packageName}"`].some((name) => line.includes(name))
  );
}
