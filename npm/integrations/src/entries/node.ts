// The package on Node. The build makes a function of this module: each entry point calls it for an
// instance of its own, with the backend that it stands for.

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Loader, registerLoader } from '../backend/backend.js';
import { loadAutomatic } from '../backend/loaders/automatic.js';
import { loadNative } from '../backend/loaders/native.js';
import { loadWasm } from '../backend/loaders/wasm.js';
import { registerPg } from '../clients/listener.js';
import { registerActorStorage } from '../events/actor.js';

/** The argument of that function. */
declare const LOADER: 'automatic' | 'native' | 'wasm';

const LOADERS: Record<typeof LOADER, Loader> = {
  automatic: loadAutomatic,
  native: () => loadNative(),
  wasm: (vault) => loadWasm(vault),
};

registerLoader(LOADERS[LOADER]);
registerActorStorage(() => new AsyncLocalStorage());
registerPg(async () => {
  // In a `try`: only so do bundlers accept that it is not installed.
  try {
    return await import('pg');
  } catch {
    return undefined;
  }
});

export * from '../index.js';
