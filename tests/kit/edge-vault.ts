// The package on Vercel's edge runtime: the modules that its bundlers would take, with the vendors'
// SDKs, in one script. Tests call its functions from outside.

import { dirname, join } from 'node:path';
import { runOnEdge } from './edge-runtime';
import type { Vault } from './vault';

interface Edge {
  vault: Vault;
  routes: typeof import('@cgk-platform/integrations/routes');
  neon: typeof import('@neondatabase/serverless');
  s3: typeof import('@aws-sdk/client-s3');
  subtle: SubtleCrypto;
}

const DIST = dirname(require.resolve('@cgk-platform/integrations/wasm'));
/** Set by the global setup. */
const SCRIPT = process.env.TEST_EDGE_SCRIPT ?? '';

const edge = runOnEdge<Edge>(SCRIPT, join(DIST, 'vault.wasm'), process.env);

export const { vault, neon, s3, subtle } = edge;
export const { createCredentialRoutes } = edge.routes;
