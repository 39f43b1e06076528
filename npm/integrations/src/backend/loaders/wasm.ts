import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrationError } from '../../errors.js';
import type { LoadedBackend } from '../backend.js';
import type { Vault } from '../vault.js';
import { KEEP_BUNDLERS_OFF } from './bundlers.js';
import { instantiate } from './instance.js';

let compiled: WebAssembly.Module | undefined;

/**
 * Instantiates the WebAssembly module that lies beside this file. Throws `WASM_UNAVAILABLE` if a
 * deployment lacks it.
 */
export function loadWasm(vault: Vault, reason = 'chosen by the import'): LoadedBackend {
  compiled ??= compile();
  return instantiate(vault, compiled, reason);
}

function compile(): WebAssembly.Module {
  try {
    return new WebAssembly.Module(readFileSync(join(__dirname, 'vault.wasm')));
  } catch {
    throw integrationError(
      'WASM_UNAVAILABLE',
      `vault.wasm is not beside the code of @cgk-platform/integrations: keep bundlers off the package (${KEEP_BUNDLERS_OFF}) and deploy it whole`,
    );
  }
}
