// What must be alike in both bindings and on both backends: each line fails to compile where a name or a
// type differs.

import type * as native from '@cgk-platform/integrations/native';
import type * as wasm from '@cgk-platform/integrations/wasm';
import type * as NativeBinding from '../../bindings/node/pkg/index';
import type * as WasmBinding from '../../bindings/wasm/pkg/vault';

/** What wasm-bindgen adds to every class. */
type Own<T> = Omit<T, 'free' | typeof Symbol.dispose>;
type Functions<T> = Omit<T, 'Integrations'>;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : { native: A; wasm: B };

export const sameFunctions: Same<
  Functions<typeof NativeBinding>,
  Functions<typeof WasmBinding>
> = true;
export const sameMethods: Same<
  Own<NativeBinding.Integrations>,
  Own<WasmBinding.Integrations>
> = true;
export const sameConstructor: Same<
  ConstructorParameters<typeof NativeBinding.Integrations>,
  ConstructorParameters<typeof WasmBinding.Integrations>
> = true;
export const samePackage: Same<typeof native, typeof wasm> = true;
