// The modules of the npm package for Node: CommonJS, which plain Jest needs, and ES modules that give
// the very same instance. Neither is minified: they are read as they are, and need no source maps.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The loader of each entry point that is an instance of the vault. */
const INSTANCES = { index: 'automatic', native: 'native', wasm: 'wasm' };

/** Entry points that call an instance: their sources, and which one. */
const CALLERS = {
  routes: { source: 'routes', instance: 'index' },
  'routes-wasm': { source: 'routes', instance: 'wasm' },
  testing: { source: 'testing', instance: 'index' },
};

/**
 * @param {string} folder of the npm package
 * @param {string} version
 * @param {string[]} peers packages that are the host's
 * @param {{ sourcemap?: 'inline' }} [more] for a run that tells which lines of the sources it reached
 */
export async function bundleForNode(folder, version, peers, { sourcemap } = {}) {
  const esbuild = await import('esbuild');
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    absWorkingDir: folder,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Jest takes `import()` for a feature that it does not have.
    supported: { 'dynamic-import': false },
    external: ['@cgk-platform/*', ...peers],
    define: { PACKAGE_VERSION: JSON.stringify(version), IS_EDGE_BUILD: 'false' },
    logLevel: 'warning',
    ...(sourcemap && { sourcemap }),
  };
  await esbuild.build({
    ...options,
    entryPoints: { vault: 'src/entries/node.ts' },
    // In brackets: V8 compiles such a function at once, and would read the code twice otherwise.
    banner: { js: 'exports.createVault = (function (LOADER) { const module = {};' },
    footer: { js: 'return module.exports; });' },
  });
  requireInPlace(join(folder, 'dist/vault.js'));
  await esbuild.build({
    ...options,
    entryPoints: {
      cli: 'src/entries/cli.ts',
      'testing-database': 'src/testing/database-worker.ts',
    },
  });

  const names = await exportsOf(esbuild, { ...options, entryPoints: ['src/entries/node.ts'] });
  for (const [entry, loader] of Object.entries(INSTANCES)) {
    write(
      folder,
      `${entry}.js`,
      `module.exports = require('./vault.js').createVault('${loader}');`,
    );
    writeModule(folder, entry, names);
  }
  for (const entry of ['next', 'trigger']) {
    const entryPoints = [`src/entries/${entry}.ts`];
    await esbuild.build({ ...options, entryPoints });
    writeModule(folder, entry, await exportsOf(esbuild, { ...options, entryPoints }));
  }
  writeStandIns(folder);
  for (const [entry, { source, instance }] of Object.entries(CALLERS)) {
    const caller = {
      ...options,
      entryPoints: { [entry]: `src/${source}/index.ts` },
      plugins: [callInstance(instance)],
    };
    await esbuild.build(caller);
    writeModule(folder, entry, await exportsOf(esbuild, caller));
  }
}

/**
 * Puts each `require` of an SDK straight into its `try`, where bundlers accept that the SDK is missing. What
 * esbuild makes of `import()` has a function in between.
 *
 * @param {string} file
 */
function requireInPlace(file) {
  const imported = /await Promise\.resolve\(\)\.then\(\(\) => (__toESM\(require\("[^"]+"\)\))\)/g;
  writeFileSync(file, readFileSync(file, 'utf8').replace(imported, '$1'));
}

/**
 * Writes what Turbopack takes in instead of a linked package (`src/entries/next.ts`): a `require` that it leaves
 * alone.
 *
 * @param {string} folder
 */
function writeStandIns(folder) {
  mkdirSync(join(folder, 'dist/external'));
  for (const entry of ['index', 'native', 'wasm', 'routes']) {
    const path = entry === 'index' ? '' : ` + '/${entry}'`;
    const name = `process.env.CGK_INTEGRATIONS_PACKAGE${path}`;
    write(
      folder,
      `external/${entry}.js`,
      `module.exports = require(/* turbopackIgnore: true */ ${name});`,
    );
  }
}

/**
 * Leaves the instance out that sources call as `src/index.ts`. It is found by its path: under the name of
 * the package a project may have another one, or a stand-in of its tests.
 *
 * @param {string} entry
 * @returns {import('esbuild').Plugin}
 */
function callInstance(entry) {
  return {
    name: 'call-instance',
    setup(build) {
      const list = join(build.initialOptions.absWorkingDir ?? '', 'src/index.js');
      build.onResolve({ filter: /\/index\.js$/ }, ({ resolveDir, path }) =>
        join(resolveDir, path) === list ? { path: `./${entry}.js`, external: true } : undefined,
      );
    },
  };
}

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<string[]>} the names that a module exports
 */
export async function exportsOf(esbuild, options) {
  const { metafile } = await esbuild.build({
    ...options,
    format: 'esm',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile?.outputs ?? {}).filter(({ entryPoint }) => entryPoint);
  return output?.exports ?? [];
}

/**
 * Writes the ES module of an entry point.
 *
 * @param {string} folder
 * @param {string} entry
 * @param {string[]} names
 * @param {string} [directive]
 */
export function writeModule(folder, entry, names, directive = '') {
  write(
    folder,
    `${entry}.mjs`,
    `${directive}import instance from './${entry}.js';\n\nexport const { ${names.join(', ')} } = instance;`,
  );
}

/**
 * @param {string} folder
 * @param {string} file
 * @param {string} content
 */
function write(folder, file, content) {
  writeFileSync(join(folder, 'dist', file), `${content}\n`);
}
