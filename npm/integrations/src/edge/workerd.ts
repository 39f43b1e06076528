// For Cloudflare Workers.

import module from '../../vault.wasm';
import { selectBackend } from '../backend.js';
import { instantiate } from '../loaders/instance.js';

selectBackend(() => instantiate(module, 'Worker'));

export * from '../api.js';
