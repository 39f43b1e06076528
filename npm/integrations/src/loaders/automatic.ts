import type { LoadedBackend } from '../backend.js';
import { isIntegrationError } from '../errors.js';
import { loadNative } from './native.js';
import { loadWasm } from './wasm.js';

/** The addon where the platform has one, WebAssembly otherwise. */
export function loadAutomatic(): LoadedBackend {
  try {
    return loadNative();
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'ADDON_UNAVAILABLE') {
      return loadWasm(error.message);
    }
    throw error;
  }
}
