// The bundles of an instance of the vault for Node: what its first decrypt needs, the rest, which the first call of
// anything else loads, and parts of that, which the first call of their functions loads. To read all of it took
// longer than the rest of a process's start.

import { readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { exportsOf, inputsOf } from './bundle-metadata.mjs';

/** What all instances export. */
const LIST = 'src/index.ts';
/** What each instance starts with, by its entry point. */
const STARTS = {
  index: 'src/entries/node-automatic.ts',
  native: 'src/entries/node-native.ts',
  wasm: 'src/entries/node-wasm.ts',
};
const REST = 'src/entries/node.ts';
/** Values that only hosts read, and the file that has them. */
const VALUES = { source: 'src/generated/catalog.ts', name: 'vault-catalog' };

/** The lists of what a vault can do, and what takes the glue of WebAssembly. */
const LISTS = [LIST, 'src/functions.ts', 'src/clients/index.ts', 'src/backend/loaders/instance.ts'];

/** Which modules of those lists a part has. They export functions alone; what only they import comes with them. */
const PARTS = {
  clients: /^src\/clients\/(?!index\.ts)[^/]+$/,
  webhooks: /^src\/webhooks\/index\.ts$/,
  tasks:
    /^src\/(schedule\/|events\/events\.ts|storage\/(diagnosis|health|key-rotation|key-sessions|move|tenants)\.ts)/,
  glue: /vault_bg\.js$/,
};

/**
 * @typedef {typeof import('esbuild')} Esbuild
 * @typedef {import('esbuild').BuildOptions & { absWorkingDir: string, outdir: string }} Options
 * @typedef {import('esbuild').Metafile['inputs']} Inputs
 * @typedef {{ name: string, modules: Map<string, string[]> }} Part its modules, and what each exports
 */

/** The entry points that are an instance. */
export const INSTANCES = Object.keys(STARTS);

/**
 * Writes an entry point for each instance, `vault.js` with the rest of all, whose `createVault` makes that of one, and
 * a file for each part.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @returns {Promise<string[]>} the names of the files
 */
export async function bundleVault(esbuild, options) {
  const parts = await findParts(esbuild, options);
  const stubs = putStubs(options, parts);
  const start = await inputsOf(esbuild, {
    ...options,
    entryPoints: Object.values(STARTS),
    plugins: [stubs],
  });
  const entryPoints = [LIST, REST];
  const rest = await inputsOf(esbuild, { ...options, entryPoints, plugins: [stubs] });
  /** @type {Set<string>} */
  const shared = new Set();
  await writeParts(esbuild, options, parts, { ...rest, ...start }, shared);

  const values = await exportsOf(esbuild, { ...options, entryPoints: [VALUES.source] });
  const started = await exportsOf(esbuild, { ...options, entryPoints: [STARTS.native] });
  const functions = (await exportsOf(esbuild, { ...options, entryPoints: [LIST] })).filter(
    (name) => !values.includes(name) && !started.includes(name),
  );
  const ofRest = [...shared].filter((file) => !(file in start)).sort();
  const takeStart = takeShared(esbuild, options, (file) => file in start, shared);
  await writeRest(esbuild, options, [stubs, takeStart], functions, ofRest);
  const ofStart = [...shared].filter((file) => file in start).sort();
  await writeStarts(esbuild, options, [stubs], { functions, values }, ofStart);
  await esbuild.build({ ...options, entryPoints: { [VALUES.name]: VALUES.source } });
  return [...INSTANCES.map((name) => `${name}.js`), 'vault.js', ...parts.map(fileOf)];
}

/**
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {Part[]} parts
 * @param {Inputs} base what the vault has without them
 * @param {Set<string>} shared gets what they take of that
 */
async function writeParts(esbuild, options, parts, base, shared) {
  /** @type {Map<string, string>} */
  const owners = new Map();
  for (const part of parts) {
    const isTheirs = (/** @type {string} */ file) => !part.modules.has(file) && file in base;
    const plugins = [takeShared(esbuild, options, isTheirs, shared)];
    const contents = [...part.modules.keys()]
      .map((file) => `export * from './${file}';`)
      .join('\n');
    const stdin = { contents, resolveDir: options.absWorkingDir };
    const around = { name: 'createPart', variables: 'module = {}' };
    const inputs = await write(esbuild, { ...options, stdin, plugins }, fileOf(part), around);
    checkFunctions(options, fileOf(part), [...part.modules.values()].flat());
    checkOwners(part, Object.keys(inputs), base, owners);
  }
}

/**
 * Bundles within a function. That is in brackets: V8 compiles such a function at once, and would read the code
 * twice otherwise. Its parameters have no defaults: Turbopack makes it strict, which those forbid.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {string} file
 * @param {{ name: string, variables: string }} around
 */
async function write(esbuild, { outdir, ...options }, file, { name, variables }) {
  const { metafile } = await esbuild.build({
    ...options,
    metafile: true,
    outfile: join(outdir, file),
    banner: { js: `exports.${name} = (function (MODULES) { const ${variables};` },
    footer: { js: 'return module.exports; });' },
  });
  return metafile.inputs;
}

/**
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {import('esbuild').Plugin[]} plugins
 * @param {string[]} names the functions that an entry point has from it
 * @param {string[]} shared the modules that parts take from it
 */
async function writeRest(esbuild, options, plugins, names, shared) {
  const { imports, modules } = await listModules(esbuild, options, shared);
  const sharing = append(options, REST, [
    ...imports,
    `Object.assign(MODULES, ${modules});`,
    `export { ${names.join(', ')} } from '../index.js';`,
  ]);
  await write(
    esbuild,
    { ...options, entryPoints: [REST], plugins: [sharing, ...plugins] },
    'vault.js',
    { name: 'createVault', variables: 'module = {}, PARTS = {}' },
  );
  checkFunctions(options, 'vault.js', names);
}

/**
 * Not within a function: this is read first, and each function around it takes time.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {import('esbuild').Plugin[]} plugins
 * @param {{ functions: string[], values: string[] }} deferred
 * @param {string[]} shared the modules that the rest and the parts take from it
 */
async function writeStarts(esbuild, { outdir, ...options }, plugins, deferred, shared) {
  const { imports, modules } = await listModules(esbuild, options, shared);
  for (const [name, source] of Object.entries(STARTS)) {
    const deferring = append(options, source, [
      ...imports,
      `import * as start from './${basename(source, '.ts')}.js';`,
      "import { deferFunctions, deferValues } from './deferred.js';",
      `deferFunctions(start, ${JSON.stringify(deferred.functions)}, () =>`,
      `  require('./vault.js').createVault(Object.assign(MODULES, ${modules})));`,
      `deferValues(start, ${JSON.stringify(deferred.values)}, () => require('./${VALUES.name}.js'));`,
    ]);
    await esbuild.build({
      ...options,
      entryPoints: [source],
      plugins: [deferring, ...plugins],
      outfile: join(outdir, `${name}.js`),
      banner: { js: '"use strict"; const MODULES = {}, PARTS = {};' },
    });
  }
}

/**
 * What they export, in an object by the names of the files.
 *
 * @param {Esbuild} esbuild
 * @param {import('esbuild').BuildOptions} options
 * @param {string[]} files
 */
async function listModules(esbuild, options, files) {
  const exported = await Promise.all(
    files.map((file) => exportsOf(esbuild, { ...options, entryPoints: [file] })),
  );
  const imports = files.map((file, index) => {
    const path = JSON.stringify(join(options.absWorkingDir ?? '', file));
    const renamed = exported[index]?.map((name) => `${name} as ${name}${index}`);
    return `import { ${renamed?.join(', ')} } from ${path};`;
  });
  const modules = files.map((file, index) => {
    const members = exported[index]?.map((name) => `${name}: ${name}${index}`);
    return `${JSON.stringify(file)}: { ${members?.join(', ')} }`;
  });
  return { imports, modules: `{ ${modules.join(', ')} }` };
}

/**
 * @param {import('esbuild').BuildOptions} options
 * @param {string} source
 * @param {string[]} lines
 * @returns {import('esbuild').Plugin}
 */
function append({ absWorkingDir = '' }, source, lines) {
  return {
    name: 'append',
    setup({ onLoad }) {
      onLoad({ filter: /./ }, ({ path }) =>
        nameOf(absWorkingDir, path) === source
          ? { contents: [readFileSync(path, 'utf8'), ...lines].join('\n'), loader: 'ts' }
          : undefined,
      );
    },
  };
}

/** @param {Part} part */
function fileOf({ name }) {
  return `vault-${name}.js`;
}

/**
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @returns {Promise<Part[]>}
 */
async function findParts(esbuild, options) {
  const entryPoints = [LIST, ...Object.values(STARTS)];
  const inputs = await inputsOf(esbuild, { ...options, entryPoints });
  const listed = LISTS.flatMap((list) => inputs[list]?.imports.map(({ path }) => path) ?? []);
  const parts = [];
  for (const [name, pattern] of Object.entries(PARTS)) {
    /** @type {Part['modules']} */
    const modules = new Map();
    for (const file of listed.filter((path) => pattern.test(path))) {
      const names = await exportsOf(esbuild, { ...options, entryPoints: [file] });
      if (names.length > 0) {
        modules.set(file, names);
      }
    }
    parts.push({ name, modules });
  }
  return parts;
}

/**
 * Functions in the place of those of the parts.
 *
 * @param {Options} options
 * @param {Part[]} parts
 * @returns {import('esbuild').Plugin}
 */
function putStubs({ absWorkingDir }, parts) {
  return {
    name: 'put-stubs',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\/vault.*\.js$/ }, ({ kind, path }) =>
        kind === 'require-call' ? { path, external: true } : undefined,
      );
      onLoad({ filter: /./ }, ({ path }) => {
        const file = nameOf(absWorkingDir, path);
        const part = parts.find(({ modules }) => modules.has(file));
        return part && { contents: stubsOf(part, file), loader: 'js' };
      });
    },
  };
}

/**
 * @param {Part} part
 * @param {string} file
 */
function stubsOf({ name, modules }, file) {
  const part = `(PARTS.${name} ??= require('./vault-${name}.js').createPart(MODULES))`;
  const stubs = (modules.get(file) ?? []).map(
    (exported) =>
      `export function ${exported}(...given) { return part().${exported}.apply(this, given); }`,
  );
  return [`function part() { return ${part}; }`, ...stubs].join('\n');
}

/**
 * Leaves out what others have, and takes that from them.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {(file: string) => boolean} isTheirs
 * @param {Set<string>} shared gets what it is
 * @returns {import('esbuild').Plugin}
 */
function takeShared(esbuild, options, isTheirs, shared) {
  return {
    name: 'take-shared',
    setup({ onLoad }) {
      onLoad({ filter: /./ }, async ({ path }) => {
        const file = nameOf(options.absWorkingDir, path);
        if (!isTheirs(file)) {
          return undefined;
        }
        shared.add(file);
        const names = await exportsOf(esbuild, { ...options, entryPoints: [file] });
        const contents = `export const { ${names.join(', ')} } = MODULES[${JSON.stringify(file)}];`;
        return { contents, loader: 'js' };
      });
    },
  };
}

/**
 * Functions can be put off, and nothing else.
 *
 * @param {Options} options
 * @param {string} file
 * @param {string[]} names
 */
function checkFunctions({ absWorkingDir, outdir }, file, names) {
  const code = readFileSync(join(absWorkingDir, outdir, file), 'utf8');
  for (const name of names) {
    if (!new RegExp(`^(async )?function\\*? ${name}\\(`, 'm').test(code)) {
      throw new Error(`${file} exports ${name}, which is no function`);
    }
  }
}

/**
 * What two parts had would be there twice, with a state of its own in each.
 *
 * @param {Part} part
 * @param {string[]} files
 * @param {Inputs} base
 * @param {Map<string, string>} owners
 */
function checkOwners({ name, modules }, files, base, owners) {
  for (const file of files.filter((path) => modules.has(path) || !(path in base))) {
    const owner = owners.get(file);
    if (owner !== undefined && file !== '<stdin>') {
      throw new Error(`${file} is in two parts of the vault: ${owner} and ${name}`);
    }
    owners.set(file, name);
  }
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {string} as esbuild names it
 */
function nameOf(folder, path) {
  return relative(folder, path).split(sep).join('/');
}
