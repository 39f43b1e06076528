// What all copies of this version in a process have in common: one configuration, one pool, one
// cache. A copy is made for each entry point, by some runtimes for each module format, and by hot
// reloads and bundlers; with state of its own it would keep a pool, and clients that nobody clears.

import type { CachedClient } from '../clients/cache.js';
import type { IntegrationsOptions } from '../types.js';
import type { Instance } from './backend.js';
import type { Backend, CoreStore } from './operations.js';

/** The Rust core's side of the settings, and the backend that it belongs to. */
export interface Store {
  core: Backend;
  integrations: CoreStore;
  /** Calls that were accepted and are not done. */
  calls: Set<Promise<unknown>>;
}

interface State {
  /** What was configured last. Has no prototype. */
  options: IntegrationsOptions;
  /** The key and URL that stores and clients were made with. */
  encryptionKey: string | undefined;
  databaseUrl: string | undefined;
  /** The WebAssembly instance. */
  wasm: { functions: Backend; instance: Instance } | undefined;
  /** By backend. */
  stores: Map<'native' | 'wasm', Store>;
  /** Connections of former settings that are being closed. */
  closing: Set<Promise<void>>;
  /** In order of use. */
  clients: Map<string, CachedClient>;
  /** How many copies share this. */
  copies: number;
}

/** Versions keep apart: what one keeps may mean nothing to the other. */
const KEY = Symbol.for(`@cgk-platform/integrations/state@${PACKAGE_VERSION}`);

export const state: State = sharedState();

state.copies += 1;

/** Tells the copies apart. */
export const COPY = state.copies;

function sharedState(): State {
  if (Object.hasOwn(globalThis, KEY)) {
    return (Reflect.get(globalThis, KEY) as () => State)();
  }
  const state: State = {
    options: Object.create(null),
    encryptionKey: undefined,
    databaseUrl: undefined,
    wasm: undefined,
    stores: new Map(),
    closing: new Set(),
    clients: new Map(),
    copies: 0,
  };
  // Kept by a function, so that nobody who prints the global object prints a key. Where the object is
  // frozen, each copy has its own.
  const descriptor = { __proto__: null, value: () => state, configurable: true };
  Reflect.defineProperty(globalThis, KEY, descriptor as PropertyDescriptor);
  return state;
}
