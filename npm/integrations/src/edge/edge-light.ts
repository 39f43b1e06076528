// For Vercel's edge runtime, whose bundlers want `?module`.

import module from '../../vault.wasm?module';
import { selectBackend } from '../backend.js';
import { instantiate } from '../loaders/instance.js';

selectBackend(() => instantiate(module, 'edge runtime'));

export * from '../api.js';
