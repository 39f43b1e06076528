// The vault's bundle for Node, and the parts of it that the first call of their functions loads: to read all of
// it took longer than the rest of a process's start.

import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { exportsOf, inputsOf } from './bundle-metadata.mjs';

const ENTRY = 'src/entries/node.ts';
/** The lists of what a vault can do, and what takes the glue of WebAssembly. */
const LISTS = [
  'src/index.ts',
  'src/functions.ts',
  'src/clients/index.ts',
  'src/backend/loaders/instance.ts',
];

/** Which modules of those lists a part has. They export functions alone; what only they import comes with them. */
const PARTS = {
  clients: /^src\/clients\/(?!index\.ts)[^/]+$/,
  webhooks: /^src\/webhooks\/index\.ts$/,
  tasks:
    /^src\/(schedule\/|events\/events\.ts|storage\/(health|key-rotation|key-sessions|tenants)\.ts)/,
  glue: /vault_bg\.js$/,
};

/**
 * @typedef {typeof import('esbuild')} Esbuild
 * @typedef {import('esbuild').BuildOptions & { absWorkingDir: string, outdir: string }} Options
 * @typedef {import('esbuild').Metafile['inputs']} Inputs
 * @typedef {{ name: string, modules: Map<string, string[]> }} Part its modules, and what each exports
 */

/**
 * Writes `vault.js`, whose `createVault` makes an instance, and a file for each part.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @returns {Promise<string[]>} the names of the files
 */
export async function bundleVault(esbuild, options) {
  const parts = await findParts(esbuild, options);
  const stubs = putStubs(options, parts);
  const base = await inputsOf(esbuild, { ...options, entryPoints: [ENTRY], plugins: [stubs] });
  /** @type {Set<string>} */
  const shared = new Set();
  /** @type {Map<string, string>} */
  const owners = new Map();
  for (const part of parts) {
    const plugins = [takeFromVault(options, part, base, shared)];
    const contents = [...part.modules.keys()]
      .map((file) => `export * from './${file}';`)
      .join('\n');
    const stdin = { contents, resolveDir: options.absWorkingDir };
    const inputs = await write(esbuild, { ...options, stdin, plugins }, fileOf(part), {
      name: 'createPart',
      parameters: 'LOADER, MODULES',
    });
    checkFunctions(options, part);
    checkOwners(part, Object.keys(inputs), base, owners);
  }
  const plugins = [shareModules(options, [...shared]), stubs];
  await write(esbuild, { ...options, entryPoints: [ENTRY], plugins }, 'vault.js', {
    name: 'createVault',
    parameters: 'LOADER',
    variables: 'MODULES = {}, PARTS = {}',
  });
  return ['vault.js', ...parts.map(fileOf)];
}

/**
 * Bundles within a function. That is in brackets: V8 compiles such a function at once, and would read the code
 * twice otherwise. Its parameters have no defaults: Turbopack makes it strict, which those forbid.
 *
 * @param {Esbuild} esbuild
 * @param {Options} options
 * @param {string} file
 * @param {{ name: string, parameters: string, variables?: string }} around
 */
async function write(esbuild, { outdir, ...options }, file, { name, parameters, variables }) {
  const declared = ['module = {}', ...(variables ? [variables] : [])].join(', ');
  const { metafile } = await esbuild.build({
    ...options,
    metafile: true,
    outfile: join(outdir, file),
    banner: { js: `exports.${name} = (function (${parameters}) { const ${declared};` },
    footer: { js: 'return module.exports; });' },
  });
  return metafile.inputs;
}

/**
 * Keeps the modules that parts take from the vault.
 *
 * @param {Options} options
 * @param {string[]} files
 * @returns {import('esbuild').Plugin}
 */
function shareModules({ absWorkingDir }, files) {
  const imports = files.map((file, index) => {
    const path = JSON.stringify(join(absWorkingDir, file));
    return `import * as module${index} from ${path};`;
  });
  const entries = files.map((file, index) => `${JSON.stringify(file)}: module${index}`);
  const sharing = [...imports, `Object.assign(MODULES, { ${entries.join(', ')} });`];
  return {
    name: 'share-modules',
    setup({ onLoad }) {
      onLoad({ filter: /entries[/\\]node\.ts$/ }, ({ path }) => ({
        contents: [readFileSync(path, 'utf8'), 'declare const MODULES: object;', ...sharing].join(
          '\n',
        ),
        loader: 'ts',
      }));
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
  const inputs = await inputsOf(esbuild, { ...options, entryPoints: [ENTRY] });
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
      onResolve({ filter: /^\.\/vault-.*\.js$/ }, ({ path }) => ({ path, external: true }));
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
  const part = `(PARTS.${name} ??= require('./vault-${name}.js').createPart(LOADER, MODULES))`;
  const stubs = (modules.get(file) ?? []).map(
    (exported) =>
      `export function ${exported}(...given) { return part().${exported}.apply(this, given); }`,
  );
  return [`function part() { return ${part}; }`, ...stubs].join('\n');
}

/**
 * Leaves out of a part what the vault has, and takes that from the vault.
 *
 * @param {Options} options
 * @param {Part} part
 * @param {Inputs} base
 * @param {Set<string>} shared gets what it is
 * @returns {import('esbuild').Plugin}
 */
function takeFromVault({ absWorkingDir }, part, base, shared) {
  return {
    name: 'take-from-vault',
    setup({ onLoad }) {
      onLoad({ filter: /./ }, ({ path }) => {
        const file = nameOf(absWorkingDir, path);
        if (part.modules.has(file) || !(file in base)) {
          return undefined;
        }
        shared.add(file);
        return { contents: `module.exports = MODULES[${JSON.stringify(file)}];`, loader: 'js' };
      });
    },
  };
}

/**
 * Functions can be put off, and nothing else.
 *
 * @param {Options} options
 * @param {Part} part
 */
function checkFunctions({ absWorkingDir, outdir }, part) {
  const code = readFileSync(join(absWorkingDir, outdir, fileOf(part)), 'utf8');
  for (const name of [...part.modules.values()].flat()) {
    if (!new RegExp(`^(async )?function\\*? ${name}\\(`, 'm').test(code)) {
      throw new Error(`${fileOf(part)} exports ${name}, which is no function`);
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
