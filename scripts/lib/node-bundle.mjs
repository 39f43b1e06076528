// The modules of the npm package for Node: CommonJS, which plain Jest needs, and ES modules that give
// the very same instance. Neither is minified: they are read as they are, and need no source maps.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './bundle-metadata.mjs';
import { bundleVault, INSTANCES } from './vault-parts.mjs';

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
  /** @satisfies {import('esbuild').BuildOptions} */
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
  for (const file of await bundleVault(esbuild, options)) {
    const path = join(folder, 'dist', file);
    writeFileSync(path, exportInPlace(requireInPlace(readFileSync(path, 'utf8'))));
  }
  await esbuild.build({
    ...options,
    entryPoints: {
      cli: 'src/entries/cli.ts',
      'testing-database': 'src/testing/database-worker.ts',
    },
  });

  const names = await exportsOf(esbuild, { ...options, entryPoints: ['src/index.ts'] });
  for (const entry of INSTANCES) {
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
 * @param {string} code
 */
function requireInPlace(code) {
  const imported = /await Promise\.resolve\(\)\.then\(\(\) => (__toESM\(require\("[^"]+"\)\))\)/g;
  return code.replace(imported, '$1');
}

/**
 * Exports the namespace that esbuild made, instead of a copy of its two hundred getters, and without a list of them
 * for who imports it as an ES module: that has a module of its own. The object had no prototype at first, so that V8
 * keeps its names in a table, and no description of the object after each. It has own names only: parts are loaded
 * when somebody may have given every object another one.
 *
 * @param {string} code
 */
function exportInPlace(code) {
  const named = 'for (var name in all)';
  const made = /^(var \w+_exports =) \{\};$/m;
  const copied = /^module\.exports = __toCommonJS\((\w+)\);$/m;
  const listed =
    /^\/\/ Annotate the CommonJS export names .*\n0 && \(module\.exports = \{[^}]*\}\);\n/m;
  return code
    .replace(named, 'for (var name of Object.keys(all))')
    .replace(made, '$1 Object.setPrototypeOf(Object.create(null), Object.prototype);')
    .replace(copied, 'module.exports = __defProp($1, "__esModule", { value: true });')
    .replace(listed, '');
}

/**
 * Writes what Turbopack takes in instead of a linked package (`src/entries/next.ts`): a `require` that it leaves
 * alone.
 *
 * @param {string} folder
 */
function writeStandIns(folder) {
  mkdirSync(join(folder, 'dist/external'), { recursive: true });
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
