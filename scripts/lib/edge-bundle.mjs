// The modules of the npm package for edge runtimes and browsers: one ES module for each source file,
// so that their bundlers can leave out the clients, and with them the SDKs, that an app does not use.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OUTPUT = 'dist/esm';
const ENTRIES = [
  'src/entries/edge-light.ts',
  'src/entries/workerd.ts',
  'src/entries/browser.ts',
  'src/entries/native-on-edge.ts',
  'src/entries/routes-edge-light.ts',
  'src/entries/routes-workerd.ts',
  'src/entries/routes-browser.ts',
];

/**
 * @param {string} folder of the npm package
 * @param {string} version
 */
export async function bundleForEdge(folder, version) {
  const esbuild = await import('esbuild');
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    absWorkingDir: folder,
    outdir: OUTPUT,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    external: ['*/vault.wasm', '*/vault.wasm?module'],
    define: { PACKAGE_VERSION: JSON.stringify(version), IS_EDGE_BUILD: 'true' },
    logLevel: 'warning',
  };
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: ENTRIES,
    // What has side effects is said of the built files, not of the sources.
    ignoreAnnotations: true,
    write: false,
    metafile: true,
  });
  const modules = Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith('src/'));
  await esbuild.build({
    ...options,
    entryPoints: modules,
    outbase: 'src',
    plugins: [keepImports],
  });
  writeFileSync(join(folder, OUTPUT, 'package.json'), '{ "type": "module" }\n');
}

/** Leaves the imports between sources as they are; only the generated glue is taken in. */
const keepImports = {
  name: 'keep-imports',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path }) =>
      path.includes('/bindings/') ? undefined : { path, external: true },
    );
  },
};
