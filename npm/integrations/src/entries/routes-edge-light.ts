// `…/routes` for Vercel's edge runtime.

import './edge-light.js';

export * from '../routes/index.js';
