// For Cloudflare Workers.

import module from '../../vault.wasm';
import { selectBackend } from '../backend/backend.js';
import { instantiate } from '../backend/loaders/instance.js';

selectBackend(() => instantiate(module, 'Worker'));

export * from '../index.js';
