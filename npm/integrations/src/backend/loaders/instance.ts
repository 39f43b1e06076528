// An instance of the WebAssembly module. What traps leaves its memory in a state that nobody knows,
// so that the instance is given up: it answers no further call, and the next one gets a new instance.

import { createGlue } from '../../../../../bindings/wasm/pkg/vault_bg.js';
import { integrationError } from '../../errors.js';
import type { LoadedBackend } from '../backend.js';
import type { Backend, Instance } from '../operations.js';
import type { Vault } from '../vault.js';

interface VaultExports extends WebAssembly.Exports {
  __wbindgen_start(): void;
}

type ExportedFunction = (...args: unknown[]) => unknown;

/** What the glue calls by itself, also in callbacks and finalizers, and not for a caller. */
const INTERNAL = /^(__|wasm_bindgen_)/;
/** Where an error would have nobody to catch it, and would end the process. */
const CALLED_BACK =
  /^(wasm_bindgen_.*convert__closures|__wbindgen_destroy_closure$|__wbg_.*_free$)/;

/** The glue reads several results as an array. */
const NOTHING: readonly unknown[] = [];

/** The instance of a vault; the module is instantiated where there is none, or it failed. */
export function instantiate(
  vault: Vault,
  module: WebAssembly.Module,
  reason: string,
): LoadedBackend {
  if (!vault.wasm || vault.wasm.instance.failed) {
    vault.wasm = createInstance(module);
  }
  const info = { backend: 'wasm', version: PACKAGE_VERSION, reason } as const;
  return { ...vault.wasm, info };
}

function createInstance(module: WebAssembly.Module) {
  const glue = createGlue();
  const instance = new GuardedInstance();
  const { exports } = new WebAssembly.Instance(module, { './vault_bg.js': { ...glue } });
  const guarded = instance.guard(exports) as VaultExports;
  glue.__wbg_set_wasm(guarded);
  guarded.__wbindgen_start();
  return { functions: glue as unknown as Backend, instance };
}

class GuardedInstance implements Instance {
  failed = false;
  readonly #waiting = new Set<(error: Error) => void>();

  settle<T>(work: Promise<T>): Promise<T> {
    if (this.failed) {
      return Promise.reject(failure());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** The exports, whose functions note that the instance failed. */
  guard(exports: WebAssembly.Exports): WebAssembly.Exports {
    return Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        typeof value === 'function' ? this.#guardFunction(name, value as ExportedFunction) : value,
      ]),
    );
  }

  #guardFunction(name: string, exported: ExportedFunction): ExportedFunction {
    return (...args) => {
      if (this.failed) {
        if (INTERNAL.test(name)) {
          return NOTHING;
        }
        throw failure();
      }
      try {
        return exported(...args);
      } catch {
        // Whatever leaves an export this way skipped Rust's own handling.
        this.#fail();
        if (CALLED_BACK.test(name)) {
          return NOTHING;
        }
        throw failure();
      }
    };
  }

  #fail(): void {
    this.failed = true;
    for (const reject of this.#waiting) {
      reject(failure());
    }
    this.#waiting.clear();
  }
}

function failure(): Error {
  return integrationError(
    'INTERNAL',
    'The WebAssembly instance failed and is replaced: whether the call was carried out is not known',
  );
}
