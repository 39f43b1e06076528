import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as glue from '../../../../bindings/wasm/pkg/vault_bg.js';
import type { Backend, LoadedBackend } from '../backend.js';
import { VERSION } from '../version.js';

interface VaultExports extends WebAssembly.Exports {
  __wbindgen_start(): void;
}

/** Instantiates the WebAssembly module that lies beside this file. */
export function loadWasm(reason = 'chosen by the import'): LoadedBackend {
  const module = new WebAssembly.Module(readFileSync(join(__dirname, 'vault.wasm')));
  const instance = new WebAssembly.Instance(module, { './vault_bg.js': { ...glue } });
  const exports = instance.exports as VaultExports;
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  return {
    functions: glue as unknown as Backend,
    info: { backend: 'wasm', version: VERSION, reason },
  };
}
