import { selectBackend } from './backend.js';
import { loadWasm } from './loaders/wasm.js';

selectBackend(() => loadWasm());

export * from './api.js';
