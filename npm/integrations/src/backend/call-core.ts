// Calls of the Rust core that need neither database nor configuration. A process's first decrypt needs no more.

import { coreError } from '../errors.js';
import { backend, settled } from './backend.js';
import type { Backend } from './operations.js';
import type { Vault } from './vault.js';

/** Calls a function that answers by a promise. */
export async function callCore<T>(
  vault: Vault,
  call: (core: Backend) => T | Promise<T>,
): Promise<T> {
  try {
    return await settled(vault, call(backend(vault)));
  } catch (error) {
    throw coreError(error);
  }
}

/** Calls a function that answers at once. */
export function callCoreNow<T>(vault: Vault, call: (core: Backend) => T): T {
  try {
    return call(backend(vault));
  } catch (error) {
    throw coreError(error);
  }
}
