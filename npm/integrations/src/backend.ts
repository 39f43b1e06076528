import type * as Native from '../../../bindings/node/pkg/index.js';

/** The functions that the Rust core exports, on either backend. */
export type Backend = Pick<typeof Native, keyof typeof Native>;

/** Which backend answers, and why. */
export interface BackendInfo {
  backend: 'native' | 'wasm';
  /** Version of this package. */
  version: string;
  /** Why this backend was chosen. */
  reason: string;
}

export interface LoadedBackend {
  functions: Backend;
  info: BackendInfo;
}

let load: (() => LoadedBackend) | undefined;
let loaded: LoadedBackend | undefined;

/** Called once by each entry point, before anything else. */
export function selectBackend(loader: () => LoadedBackend): void {
  load = loader;
}

/** The Rust core, loaded when first needed. */
export function backend(): Backend {
  return loadedBackend().functions;
}

/** Tells which backend answers, and why. */
export function getBackendInfo(): BackendInfo {
  return { ...loadedBackend().info };
}

function loadedBackend(): LoadedBackend {
  if (!load) {
    throw new Error('An entry point must select a backend first');
  }
  loaded ??= load();
  return loaded;
}
