import { callCore } from '../backend/call-core.js';
import { vaultOf } from '../backend/default-vault.js';
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
 * The tenant lives in the handle and nowhere else, so concurrent calls cannot mix.
 *
 * @returns what `fn` gives
 * @throws `TENANT_INVALID` before `fn` runs, or what `fn` throws
 */
export async function withTenant<T>(
  this: unknown,
  tenantId: string,
  fn: (tenant: TenantScope) => T | Promise<T>,
): Promise<T> {
  const vault = vaultOf(this);
  await callCore(vault, (core) => core.checkTenantId(tenantId));
  const functions = Object.entries(storage).map(([name, storageFunction]) => {
    const call = storageFunction as (tenantId: string, ...rest: unknown[]) => unknown;
    return [name, (...rest: unknown[]) => call.call(vault, tenantId, ...rest)];
  });
  return fn(Object.freeze({ tenantId, ...Object.fromEntries(functions) }) as TenantScope);
}
