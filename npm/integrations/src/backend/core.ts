// Calls into the Rust core, whose values and errors are made again in the realm of the caller.

import { coreError, type IntegrationError, integrationError } from '../errors.js';
import { ownValue } from '../own-properties.js';
import { type Json, TIMESTAMP_FIELDS } from '../types.js';
import { backend, loadedBackend, settled } from './backend.js';
import { accept } from './config.js';
import type { Backend, Operations } from './operations.js';
import { warnOfUnverifiedServer } from './warnings.js';

/** Calls a function of the store. */
export type CallStore = <Name extends keyof Operations>(
  operation: Name,
  ...args: Parameters<Operations[Name]>
) => Promise<ReturnType<Operations[Name]>>;

/** Calls a function of the store. */
export const callStore: CallStore = (operation, ...args) =>
  withStore((callStore) => callStore(operation, ...args));

/** Runs work of several calls, which all reach the same database with the same key. */
export async function withStore<T>(work: (callStore: CallStore) => Promise<T>): Promise<T> {
  return accept(async (store) => {
    try {
      return await work(async (operation, ...args) => {
        try {
          return await settled(store.call(operation, args));
        } catch (error) {
          throw withAddonFailure(coreError(error));
        }
      });
    } finally {
      warnOfUnverifiedServer(store);
    }
  });
}

/** Calls a function that needs neither database nor configuration. */
export async function callCore<T>(call: (core: Backend) => T | Promise<T>): Promise<T> {
  try {
    return await settled(call(backend()));
  } catch (error) {
    throw coreError(error);
  }
}

/** Calls a function that answers at once. */
export function callCoreNow<T>(call: (core: Backend) => T): T {
  try {
    return call(backend());
  } catch (error) {
    throw coreError(error);
  }
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
function withAddonFailure(error: IntegrationError): IntegrationError {
  const { addonFailure } = loadedBackend();
  return error.code === 'DATABASE_NOT_CONFIGURED' && addonFailure !== undefined
    ? integrationError(
        error.code,
        `${error.message}. A database URL needs no driver where the addon loads. ${addonFailure}`,
      )
    : error;
}
