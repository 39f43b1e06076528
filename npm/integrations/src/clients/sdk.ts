import { errorWithCode } from '../errors.js';
import { displayName } from '../services.js';
import type { TenantCredential, TenantService } from '../types.js';

/**
 * What to throw when a vendor's SDK, an optional peer, could not be imported: `SDK_MISSING` with the
 * command that installs it; on the edge `SDK_UNSUPPORTED`; or else the SDK's own error.
 *
 * Each client has its `import()` in a `try` of its own: only so do bundlers accept that it is missing.
 */
export function importFailure(service: TenantService, packageName: string, error: unknown) {
  if (isMissing(error, packageName)) {
    return errorWithCode(
      'SDK_MISSING',
      `The client of ${displayName(service)} needs the package ${packageName}: run "npm install ${packageName}"`,
    );
  }
  if (BUILT_FOR_EDGE) {
    return errorWithCode(
      'SDK_UNSUPPORTED',
      `The SDK of ${displayName(service)} can not be loaded: install the package ${packageName}; if it is installed, use its client in a function that runs on Node`,
    );
  }
  return error;
}

/** For SDKs that are made for Node alone: an edge runtime gets a clear error instead. */
export function needsNode(service: TenantService): Error {
  return errorWithCode(
    'SDK_UNSUPPORTED',
    `The SDK of ${displayName(service)} does not run on edge runtimes: use its client in a function that runs on Node`,
  );
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

/** Node has codes for it, bundlers and Workers only words. */
function isMissing(error: unknown, packageName: string): boolean {
  const [line = ''] = String((error as { message?: unknown } | null)?.message).split('\n');
  return (
    /^(Cannot find|No such|Could not resolve) /.test(line) &&
    [`'${packageName}'`, `"${packageName}"`].some((name) => line.includes(name))
  );
}
