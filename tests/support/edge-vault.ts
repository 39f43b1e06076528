// The package on Vercel's edge runtime: the modules that its bundlers would take, with the vendors'
// SDKs, in one script. Tests call its functions from outside.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EdgeVM } from '@edge-runtime/vm';
import type { Vault } from './vault';

type Routes = typeof import('@cgk-platform/integrations/routes');
type Neon = typeof import('@neondatabase/serverless');
type S3 = typeof import('@aws-sdk/client-s3');

interface Edge {
  vault: Vault;
  routes: Routes;
  neon: Neon;
  s3: S3;
}

/** Set by the global setup. */
const SCRIPT = process.env.TEST_EDGE_SCRIPT ?? '';

function start(): Edge {
  const dist = dirname(require.resolve('@cgk-platform/integrations/wasm'));
  const vm = new EdgeVM();
  const module = new WebAssembly.Module(readFileSync(join(dist, 'vault.wasm')));
  // Tests turn the clock, read the log and compare with `Date`: these are theirs.
  const shared = { VAULT_MODULE: module, process: { env: process.env }, Date, console };
  Object.assign(vm.context, shared);
  vm.evaluate(readFileSync(SCRIPT, 'utf8'));
  return vm.evaluate('EDGE');
}

const edge = start();

export const { vault, neon, s3 } = edge;
export const { createCredentialRoutes } = edge.routes;
