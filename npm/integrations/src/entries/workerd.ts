// For Cloudflare Workers.

import module from '../../vault.wasm';
import { registerLoader } from '../backend/backend.js';
import { instantiate } from '../backend/loaders/instance.js';

registerLoader((vault) => instantiate(vault, module, 'Worker'));

export * from '../index.js';
