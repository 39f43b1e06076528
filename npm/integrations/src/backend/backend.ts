import { integrationError } from '../errors.js';
import type { Backend } from './operations.js';
import { state } from './state.js';

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

/** An instance that may fail as a whole. @internal */
export interface Instance {
  /** Whether it failed, so that another one must take its place. */
  readonly failed: boolean;
  /** Lets a promise of the instance reject when the instance fails: by itself it never settles. */
  settle<T>(work: Promise<T>): Promise<T>;
}

/** Chooses and loads a backend; a database driver is nothing that the native one could use. @internal */
export type Loader = (hasDriver: boolean) => LoadedBackend;

let load: Loader | undefined;
let loaded: LoadedBackend | undefined;
/** Whether a database driver was configured when it was loaded. */
let loadedForDriver = false;

/** Called once by each entry point, before anything else. @internal */
export function registerLoader(loader: Loader): void {
  load = loader;
}

/** The Rust core, loaded when first needed. @internal */
export function backend(): Backend {
  return loadedBackend().functions;
}

/** Waits for a promise that the Rust core gave. @internal */
export function settled<T>(work: T | Promise<T>): T | Promise<T> {
  const instance = loaded?.instance;
  return instance && work instanceof Promise ? instance.settle(work) : work;
}

/** Tells which backend answers, and why. */
export function getBackendInfo(): BackendInfo {
  return { ...loadedBackend().info };
}

/** The backend of this entry point. @internal */
export function loadedBackend(): LoadedBackend {
  if (!load) {
    throw integrationError('INTERNAL', 'An entry point must select a backend first');
  }
  const hasDriver = state.options.driver !== undefined;
  if (!loaded || loaded.instance?.failed || loadedForDriver !== hasDriver) {
    loaded = load(hasDriver);
    loadedForDriver = hasDriver;
  }
  return loaded;
}
