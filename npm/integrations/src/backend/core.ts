// Calls of the Rust core's store, whose values and errors are made again in the realm of the caller.

import { coreError, type IntegrationError, integrationError } from '../errors.js';
import { ownValue } from '../own-properties.js';
import { coreArgument } from '../storage/input.js';
import { type Json, TIMESTAMP_FIELDS } from '../types.js';
import { loadedBackend, settled } from './backend.js';
import { type CoreStore, type Operations, WITHOUT_KEY, WITHOUT_TENANT } from './operations.js';
import { accept } from './stores.js';
import type { Vault } from './vault.js';
import { warnOfUnverifiedServer } from './warnings.js';

/** Calls a function of the store. */
export type CallStore = <Name extends keyof Operations>(
  operation: Name,
  ...args: Parameters<Operations[Name]>
) => Promise<ReturnType<Operations[Name]>>;

/** Calls a function of a vault's store. */
export async function callStore<Name extends keyof Operations>(
  vault: Vault,
  operation: Name,
  ...args: Parameters<Operations[Name]>
): Promise<ReturnType<Operations[Name]>> {
  const tenantId = WITHOUT_TENANT.includes(operation) ? null : (args[0] as string);
  const needsKey = !WITHOUT_KEY.includes(operation);
  return withStore(vault, tenantId, (callStore) => callStore(operation, ...args), needsKey);
}

/**
 * Runs work of several calls, which all reach the same database with the same key.
 *
 * @param tenantId the tenant that it is about; `null` if none
 * @param needsKey whether it fails where the function `encryptionKey` does
 */
export async function withStore<T>(
  vault: Vault,
  tenantId: string | null,
  work: (callStore: CallStore) => Promise<T>,
  needsKey = true,
): Promise<T> {
  const workWith = async (store: CoreStore) => {
    try {
      return await work(async (operation, ...args) => {
        try {
          return await settled(vault, store.call(operation, args.map(coreArgument) as typeof args));
        } catch (error) {
          throw withAddonFailure(vault, coreError(error));
        }
      });
    } finally {
      warnOfUnverifiedServer(vault, store);
    }
  };
  return accept(vault, tenantId, workWith, needsKey);
}

/** Reads what a storage function answered. */
export function parse<T>(json: Json<T>): T;
export function parse<T>(json: Json<T> | null): T | null;
export function parse<T>(json: Json<T> | null): T | null {
  if (json === null) {
    return null;
  }
  const value = JSON.parse(json);
  for (const object of Array.isArray(value) ? value : [value]) {
    reviveDates(object);
  }
  return value;
}

function reviveDates(object: Record<string, unknown>): void {
  for (const name of TIMESTAMP_FIELDS) {
    const milliseconds = ownValue(object, name);
    if (typeof milliseconds === 'number') {
      object[name] = new Date(milliseconds);
    }
  }
}

/** Where the addon would have needed no driver, it matters why it is not there. */
function withAddonFailure(vault: Vault, error: IntegrationError): IntegrationError {
  const { addonFailure } = loadedBackend(vault);
  return error.code === 'DATABASE_NOT_CONFIGURED' && addonFailure !== undefined
    ? integrationError(
        error.code,
        `${error.message}. A database URL needs no driver where the addon loads. ${addonFailure}`,
      )
    : error;
}
