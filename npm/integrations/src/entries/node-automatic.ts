// For Node: the addon, or WebAssembly where there is none.

import { registerLoader } from '../backend/backend.js';
import { loadAutomatic } from '../backend/loaders/automatic.js';

registerLoader(loadAutomatic);

export * from './node-start.js';
