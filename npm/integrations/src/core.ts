// Calls into the Rust core, whose values and errors are made anew in the realm of the caller: an
// addon makes its own in the main realm, which is another one under Jest.

import type { Integrations } from '../../../bindings/node/pkg/index.js';
import { type Backend, backend, settled } from './backend.js';
import { accept } from './config.js';
import { errorWithCode, isIntegrationError } from './errors.js';
import { type Json, TIMESTAMP_FIELDS } from './types.js';
import { warnOfUnverifiedServer } from './warnings.js';

/** Calls a storage function. */
export type CallStore = <T>(call: (store: Integrations) => Promise<T>) => Promise<T>;

/** Calls a storage function. */
export const callStore: CallStore = (call) => withStore((callStore) => callStore(call));

/** Runs work of several calls, which all reach the same database with the same key. */
export async function withStore<T>(work: (callStore: CallStore) => Promise<T>): Promise<T> {
  try {
    return await accept(async (store) => {
      try {
        return await work(async (call) => settled(call(store)));
      } finally {
        warnOfUnverifiedServer(store);
      }
    });
  } catch (error) {
    throw localError(error);
  }
}

/** Calls a function that needs neither database nor configuration. */
export async function callCore<T>(call: (core: Backend) => T | Promise<T>): Promise<T> {
  try {
    return await settled(call(backend()));
  } catch (error) {
    throw localError(error);
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
    const milliseconds = object[name];
    if (typeof milliseconds === 'number') {
      object[name] = new Date(milliseconds);
    }
  }
}

function localError(error: unknown): unknown {
  return isIntegrationError(error) ? errorWithCode(error.code, error.message, error.fields) : error;
}
