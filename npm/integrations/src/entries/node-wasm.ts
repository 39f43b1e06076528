// For Node, with WebAssembly.

import { registerLoader } from '../backend/backend.js';
import { loadWasm } from '../backend/loaders/wasm.js';

registerLoader((vault) => loadWasm(vault));

export * from './node-start.js';
