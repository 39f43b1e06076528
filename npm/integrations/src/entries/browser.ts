// For browsers, so that a credential never gets there: every call throws.

import { registerLoader } from '../backend/backend.js';
import { integrationError } from '../errors.js';

registerLoader(() => {
  throw integrationError(
    'RUNTIME_UNSUPPORTED',
    '@cgk-platform/integrations does not run in browsers: credentials stay on the server. Call it in a route or a server component',
  );
});

export * from '../index.js';
