import { integrationError } from '../errors.js';
import { vaultOf } from './default-vault.js';
import type { Backend, Instance } from './operations.js';
import type { Vault } from './vault.js';

/** Which backend answers, and why. */
export interface BackendInfo {
  backend: 'native' | 'wasm';
  /** Version of this package. */
  version: string;
  /** Why this backend was chosen. */
  reason: string;
}

/** @internal */
export interface LoadedBackend {
  functions: Backend;
  info: BackendInfo;
  /** The instance that a WebAssembly backend runs in. */
  instance?: Instance;
  /** Why the addon, which would have been taken, could not be. */
  addonFailure?: string;
}

/** Chooses and loads a vault's backend; a database driver is nothing that the native one could use. @internal */
export type Loader = (vault: Vault, hasDriver: boolean) => LoadedBackend;

let load: Loader | undefined;

/** What this copy of the package loaded, and whether a database driver was configured then. */
const loadedBackends = new WeakMap<Vault, { backend: LoadedBackend; hasDriver: boolean }>();

/** Called once by each entry point, before anything else. @internal */
export function registerLoader(loader: Loader): void {
  load = loader;
}

/** The Rust core, loaded when first needed. @internal */
export function backend(vault: Vault): Backend {
  return loadedBackend(vault).functions;
}

/** Waits for a promise that the Rust core gave. @internal */
export function settled<T>(vault: Vault, work: T | Promise<T>): T | Promise<T> {
  const instance = loadedBackends.get(vault)?.backend.instance;
  return instance && work instanceof Promise ? instance.settle(work) : work;
}

/**
 * Which backend answers, and why.
 *
 * @returns its name, the version of this package, and the reason
 * @throws `ADDON_UNAVAILABLE`, `WASM_UNAVAILABLE`, `RUNTIME_UNSUPPORTED`
 */
export function getBackendInfo(this: unknown): BackendInfo {
  return { ...loadedBackend(vaultOf(this)).info };
}

/** The backend that this entry point has for a vault. @internal */
export function loadedBackend(vault: Vault): LoadedBackend {
  if (!load) {
    throw integrationError('INTERNAL', 'An entry point must register a loader first');
  }
  const loaded = loadedBackends.get(vault);
  const hasDriver = vault.options.driver !== undefined;
  if (loaded?.hasDriver === hasDriver && !loaded.backend.instance?.failed) {
    return loaded.backend;
  }
  const backend = load(vault, hasDriver);
  loadedBackends.set(vault, { backend, hasDriver });
  return backend;
}
