import { isIntegrationError } from '../../errors.js';
import type { LoadedBackend } from '../backend.js';
import type { Vault } from '../vault.js';
import { loadNative } from './native.js';
import { loadWasm } from './wasm.js';

/** The addon where the platform has one and no driver is configured, WebAssembly otherwise. */
export function loadAutomatic(vault: Vault, hasDriver: boolean): LoadedBackend {
  if (hasDriver) {
    return loadWasm(vault, 'a database driver is configured');
  }
  try {
    return loadNative();
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'ADDON_UNAVAILABLE') {
      return { ...loadWasm(vault, error.message), addonFailure: error.message };
    }
    throw error;
  }
}
