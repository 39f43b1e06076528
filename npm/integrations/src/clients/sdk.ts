import { errorWithCode } from '../errors.js';
import { displayName } from '../services.js';
import type { TenantCredential, TenantService } from '../types.js';

/**
 * Loads a vendor's SDK, an optional peer.
 *
 * Throws `SDK_MISSING` with the command that installs it.
 */
export function loadSdk<T>(service: TenantService, packageName: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!isMissing(error, packageName)) {
      throw error;
    }
    throw errorWithCode(
      'SDK_MISSING',
      `The client of ${displayName(service)} needs the package ${packageName}: run "npm install ${packageName}"`,
    );
  }
}

/** Runs an SDK's constructor. Its own error text might quote the credential. */
export function construct<T>(service: TenantService, make: () => T): T {
  try {
    return make();
  } catch {
    throw errorWithCode(
      'CLIENT_FAILED',
      `The SDK of ${displayName(service)} refused the stored credential: save it again`,
    );
  }
}

/** Adds members that an SDK's instance does not have, without showing them. */
export function withMembers<T extends object, M extends object>(client: T, members: M): T & M {
  for (const name of Reflect.ownKeys(members)) {
    const value = Reflect.get(members, name);
    Object.defineProperty(client, name, { value, configurable: true, writable: true });
  }
  return client as T & M;
}

/** The stored value of a field, which the Rust core has found to be there. */
export function stored(credential: TenantCredential, name: string): string {
  return credential.values[name] ?? '';
}

/** Keeps a client from showing its credential when it is printed or made into JSON. */
export function opaque<T extends object>(client: T, service: TenantService, tenantId: string): T {
  const description = `[${displayName(service)} client of tenant ${tenantId}]`;
  return withMembers(client, {
    toJSON: () => description,
    [Symbol.for('nodejs.util.inspect.custom')]: () => description,
  });
}

function isMissing(error: unknown, packageName: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === 'MODULE_NOT_FOUND' &&
    String(message).split('\n')[0]?.includes(`'${packageName}'`) === true
  );
}
