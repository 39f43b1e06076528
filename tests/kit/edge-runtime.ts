// Runs a script on Vercel's edge runtime.

import { readFileSync } from 'node:fs';
import { EdgeVM } from '@edge-runtime/vm';

/**
 * Runs a script that `buildEdgeScript` made and gives what it exports.
 *
 * @param wasm the package's WebAssembly file, which the runtime's host compiles
 * @param globals what else the script finds
 */
export function runOnEdge<T>(
  script: string,
  wasm: string,
  env: NodeJS.ProcessEnv,
  globals: object = {},
): T {
  const vm = new EdgeVM();
  const module = new WebAssembly.Module(readFileSync(wasm));
  // Tests turn the clock, read the log and compare with `Date`: these are theirs.
  const ours = { process: { env }, Date, console, ...globals };
  Object.assign(vm.context, { VAULT_MODULE: module, ...ours });
  vm.evaluate(readFileSync(script, 'utf8'));
  return vm.evaluate('EDGE');
}
