import { isIntegrationError } from '../../errors.js';
import type { LoadedBackend } from '../backend.js';
import { loadNative } from './native.js';
import { loadWasm } from './wasm.js';

/** The addon where the platform has one and no driver is configured, WebAssembly otherwise. */
export function loadAutomatic(hasDriver: boolean): LoadedBackend {
  if (hasDriver) {
    return loadWasm('a database driver is configured');
  }
  try {
    return loadNative();
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'ADDON_UNAVAILABLE') {
      return { ...loadWasm(error.message), addonFailure: error.message };
    }
    throw error;
  }
}
