// The two bindings must offer the same functions with the same types.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { describe, expect, test } from '@jest/globals';
import type * as NativeBinding from '../../bindings/node/pkg/index';
import type * as WasmBinding from '../../bindings/wasm/pkg/vault';
import { VERSION } from '../kit/package-version';

/** What wasm-bindgen adds to every class. */
type Own<T> = Omit<T, 'free' | typeof Symbol.dispose>;
type Functions<T> = Omit<T, 'Integrations'>;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : { native: A; wasm: B };

// Each line fails to compile when a name or a type differs.
const sameFunctions: Same<Functions<typeof NativeBinding>, Functions<typeof WasmBinding>> = true;
const sameMethods: Same<Own<NativeBinding.Integrations>, Own<WasmBinding.Integrations>> = true;
const sameConstructor: Same<
  ConstructorParameters<typeof NativeBinding.Integrations>,
  ConstructorParameters<typeof WasmBinding.Integrations>
> = true;
const samePackage: Same<typeof native, typeof wasm> = true;

describe('the bindings agree', () => {
  test('on their types', () => {
    expect([sameFunctions, sameMethods, sameConstructor, samePackage]).toEqual(Array(4).fill(true));
  });

  test('on the names that the package exports', () => {
    expect(Object.keys(native).sort()).toEqual(Object.keys(wasm).sort());
    expect(Object.keys(native).length).toBeGreaterThan(40);
  });

  test('and each is the backend that its import names', () => {
    expect(native.getBackendInfo()).toMatchObject({ backend: 'native', version: VERSION });
    expect(wasm.getBackendInfo()).toMatchObject({ backend: 'wasm', version: VERSION });
  });
});
