import { callCore } from '../backend/core.js';
import * as storage from './storage.js';

type Storage = typeof storage;
type WithoutTenant<F> = F extends (tenantId: string, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** The storage functions of one tenant, less their first argument. */
export type TenantScope = { readonly tenantId: string } & {
  readonly [Name in keyof Storage]: WithoutTenant<Storage[Name]>;
};

/**
 * Calls `fn` with the storage functions of one tenant.
 *
 * The tenant lives in the handle and nowhere else, so concurrent calls cannot mix. Rejects with
 * `TENANT_INVALID` before `fn` runs.
 */
export async function withTenant<T>(
  tenantId: string,
  fn: (tenant: TenantScope) => T | Promise<T>,
): Promise<T> {
  await callCore((core) => core.checkTenantId(tenantId));
  const functions = Object.entries(storage).map(([name, storageFunction]) => {
    const call = storageFunction as (tenantId: string, ...rest: unknown[]) => unknown;
    return [name, (...rest: unknown[]) => call(tenantId, ...rest)];
  });
  return fn(Object.freeze({ tenantId, ...Object.fromEntries(functions) }) as TenantScope);
}
