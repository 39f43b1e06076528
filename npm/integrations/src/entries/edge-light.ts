// For Vercel's edge runtime, whose bundlers want `?module`.

import module from '../../vault.wasm?module';
import { registerLoader } from '../backend/backend.js';
import { instantiate } from '../backend/loaders/instance.js';

registerLoader((vault) => instantiate(vault, module, 'edge runtime'));

export * from '../index.js';
