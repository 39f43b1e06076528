// For Node, with the addon.

import { registerLoader } from '../backend/backend.js';
import { loadNative } from '../backend/loaders/native.js';

registerLoader(() => loadNative());

export * from './node-start.js';
