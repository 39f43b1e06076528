import { selectBackend } from './backend.js';
import { loadNative } from './loaders/native.js';

selectBackend(() => loadNative());

export * from './api.js';
