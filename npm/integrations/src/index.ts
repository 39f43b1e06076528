import { selectBackend } from './backend.js';
import { loadAutomatic } from './loaders/automatic.js';

selectBackend(() => loadAutomatic());

export * from './api.js';
