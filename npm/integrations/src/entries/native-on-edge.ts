// `…/native` where no addon can be loaded.

import { registerLoader } from '../backend/backend.js';
import { integrationError } from '../errors.js';

registerLoader(() => {
  throw integrationError(
    'ADDON_UNAVAILABLE',
    'The native addon of @cgk-platform/integrations runs on Node only: import @cgk-platform/integrations instead',
  );
});

export * from '../index.js';
