// Builds what the tests run on Vercel's edge runtime, with the conditions of its bundlers.

import { build } from 'esbuild';

/** What the contract suite uses. */
const CONTRACT_SUITE = `
export * as vault from '@cgk-platform/integrations';
export * as routes from '@cgk-platform/integrations/routes';
export * as neon from '@neondatabase/serverless';
export * as s3 from '@aws-sdk/client-s3';
export const { subtle } = crypto;
`;

/** The bundler gives the compiled module; here the runtime's global object has it. */
const compiledModule = {
  name: 'compiled-module',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, () => ({
      contents: 'export default globalThis.VAULT_MODULE',
    }));
  },
};

/** @param {string} outfile */
export function buildContractScript(outfile) {
  return buildEdgeScript(CONTRACT_SUITE, import.meta.dirname, outfile);
}

/**
 * @param {string} source an ES module, whose exports are found as `EDGE`
 * @param {string} resolveDir where its imports are looked for
 * @param {string} outfile
 */
export async function buildEdgeScript(source, resolveDir, outfile) {
  await build({
    stdin: { contents: source, resolveDir, loader: 'js' },
    outfile,
    bundle: true,
    format: 'iife',
    globalName: 'EDGE',
    platform: 'browser',
    // Not the sources, which the package's own tsconfig.json names.
    tsconfigRaw: '{}',
    conditions: ['edge-light', 'worker'],
    plugins: [compiledModule],
    logLevel: 'error',
  });
}
