import { Vault } from './vault.js';

/** The default vault, and how many copies of the package share it. */
interface Shared {
  vault: Vault;
  copies: number;
}

/** Versions keep apart: what one keeps may mean nothing to the other. */
const KEY = Symbol.for(`@cgk-platform/integrations/state@${PACKAGE_VERSION}`);

const shared = findShared();
shared.copies += 1;

/** The number of this copy. */
export const COPY = shared.copies;

/**
 * The vault of the plain exports, which all copies of this version in a process have in common: one
 * configuration, one pool, one cache. A copy is made for each entry point, by some runtimes for each
 * module format, and by hot reloads and bundlers; with a vault of its own it would keep a pool, and
 * clients that nobody clears.
 */
export const defaultVault = shared.vault;

/**
 * The vault that an exported function is called for, by its `this`: `createIntegrations` binds each
 * function to a vault of its own; everywhere else `this` is none, and the default one is meant.
 *
 * It is read once, where the call begins, and handed on as an argument: what is awaited in between
 * cannot mix two vaults.
 */
export function vaultOf(caller: unknown): Vault {
  return caller instanceof Vault ? caller : defaultVault;
}

function findShared(): Shared {
  if (Object.hasOwn(globalThis, KEY)) {
    return (Reflect.get(globalThis, KEY) as () => Shared)();
  }
  const shared = { vault: new Vault(), copies: 0 };
  // Kept by a function, so that nobody who prints the global object prints a key. Where the object is
  // frozen, each copy has its own.
  const descriptor = { __proto__: null, value: () => shared, configurable: true };
  Reflect.defineProperty(globalThis, KEY, descriptor as PropertyDescriptor);
  return shared;
}
