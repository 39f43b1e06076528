import type * as Native from '../../../bindings/node/pkg/index.js';

/** The functions that the Rust core exports, on either backend. @internal */
export type Backend = Pick<typeof Native, keyof typeof Native>;

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
let hasDriver = false;

/** Called once by each entry point, before anything else. @internal */
export function selectBackend(loader: Loader): void {
  load = loader;
}

/** Tells whether a database driver is configured, on which the choice may depend. @internal */
export function setHasDriver(value: boolean): void {
  if (value !== hasDriver) {
    hasDriver = value;
    loaded = undefined;
  }
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

function loadedBackend(): LoadedBackend {
  if (!load) {
    throw new Error('An entry point must select a backend first');
  }
  if (!loaded || loaded.instance?.failed) {
    loaded = load(hasDriver);
  }
  return loaded;
}
