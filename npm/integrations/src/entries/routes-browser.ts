// `…/routes` for browsers, where every call throws.

import './browser.js';

export * from '../routes/index.js';
