// `…/routes` for Cloudflare Workers.

import './workerd.js';

export * from '../routes/index.js';
