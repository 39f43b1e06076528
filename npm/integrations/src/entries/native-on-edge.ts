// `…/native` where no addon can be loaded.

import { selectBackend } from '../backend/backend.js';
import { errorWithCode } from '../errors.js';

selectBackend(() => {
  throw errorWithCode(
    'ADDON_UNAVAILABLE',
    'The native addon of @cgk-platform/integrations runs on Node only: import @cgk-platform/integrations instead',
  );
});

export * from '../index.js';
