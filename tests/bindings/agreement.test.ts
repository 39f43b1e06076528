// The two bindings must offer the same functions with the same types.

import { join } from 'node:path';
import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { describe, expect, test } from '@jest/globals';
import { runIn } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';

const TSC = join(__dirname, '../../node_modules/typescript/bin/tsc');

describe('the bindings agree', () => {
  test('on their types', async () => {
    expect(await runIn(__dirname, process.execPath, [TSC, '-p', '.'])).toBe('');
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
