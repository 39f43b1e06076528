// The React pages of the npm package, for browsers: scripts with all they need but React, the style
// sheet, and the licences of what is bundled.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { exportsOf } from './bundle-metadata.mjs';
import { writeModule } from './node-bundle.mjs';

/** @param {string} folder of the npm package */
export async function bundleAdmin(folder) {
  const inputs = await bundleScripts(folder);
  await compileStyles(folder);
  writeFileSync(join(folder, 'dist/admin.LICENSES.txt'), licencesOf(folder, inputs));
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>} the files that something was taken from
 */
async function bundleScripts(folder) {
  const esbuild = await import('esbuild');
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    absWorkingDir: folder,
    entryPoints: { admin: 'src/admin/index.ts' },
    outdir: 'dist',
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    sourcemap: true,
    external: ['react', 'react-dom', 'react/jsx-runtime'],
    banner: { js: "'use client';" },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
  const { metafile } = await esbuild.build(options);
  await keepOwnMappings(join(folder, 'dist/admin.js.map'));
  const names = await exportsOf(esbuild, options);
  writeModule(folder, 'admin', names, "'use client';\n\n");
  const inputs = Object.values(metafile?.outputs ?? {}).flatMap((output) =>
    Object.entries(output.inputs),
  );
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

/**
 * Leaves in a source map what belongs to sources of ours: those of packages would be most of it.
 *
 * @param {string} file
 */
async function keepOwnMappings(file) {
  const { decode, encode } = await import('@jridgewell/sourcemap-codec');
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const isOwn = map.sources.map((/** @type {string} */ source) => !source.includes('node_modules'));
  const own = decode(map.mappings).map((line) => {
    /** @type {typeof line} */
    const kept = [];
    for (const segment of line) {
      const [column, source, sourceLine = 0, sourceColumn = 0] = segment;
      if (source !== undefined && isOwn[source]) {
        kept.push([column, source, sourceLine, sourceColumn]);
      } else if (kept.at(-1)?.[1] !== undefined) {
        // Ends what the last segment of ours stands for.
        kept.push([column]);
      }
    }
    return kept;
  });
  map.mappings = encode(own);
  map.names = [];
  map.sourcesContent = map.sourcesContent.map(
    (/** @type {string} */ content, /** @type {number} */ n) => (isOwn[n] ? content : null),
  );
  writeFileSync(file, JSON.stringify(map));
}

/** @param {string} folder */
async function compileStyles(folder) {
  // Imported when needed: the packages are installed by the build itself.
  const { compile, optimize } = await import('@tailwindcss/node');
  const { Scanner } = await import('@tailwindcss/oxide');
  const base = join(folder, 'src/admin');
  const source = expandPalette(readFileSync(join(base, 'theme.css'), 'utf8'));
  const compiler = await compile(source, { base, onDependency() {} });
  const scanner = new Scanner({ sources: [{ base, pattern: '**/*.tsx', negated: false }] });
  const { code } = optimize(compiler.build(scanner.scan()), { minify: true });
  writeFileSync(join(folder, 'dist/admin.css'), code);
}

/**
 * Writes the palette out for light and for dark. Hosts compile CSS for browsers that do not know
 * `light-dark()`, and their compilers do not get it right where the colour scheme is a variable.
 *
 * @param {string} css
 */
function expandPalette(css) {
  const [palette = '', declarations = ''] = css.match(/:where\(:root\) \{([^}]*)\}/) ?? [];
  const value = '((?:[^(),]|\\([^)]*\\))+)';
  const pattern = new RegExp(`light-dark\\(${value},${value}\\)`, 'g');
  const colours = declarations.split('\n').filter((line) => line.includes('light-dark('));
  const light = colours.join('\n').replace(pattern, '$1');
  const dark = colours.join('\n').replace(pattern, '$2');
  return css.replace(
    palette,
    `${palette.replace(pattern, '$1')}
@media (prefers-color-scheme: dark) { :where(:root) { ${dark} } }
:where(.light, [data-theme="light"]) { ${light} }
:where(.dark, [data-theme="dark"]) { ${dark} }`,
  );
}

/**
 * @param {string} folder
 * @param {string[]} inputs
 */
function licencesOf(folder, inputs) {
  const packages = new Set(
    inputs.flatMap((input) => packageFolder(join(folder, input)) ?? []).sort(),
  );
  return [...packages].map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * The folder of the package that a file belongs to, if it comes from npm.
 *
 * @param {string} file
 */
function packageFolder(file) {
  if (!file.includes(`${sep}node_modules${sep}`)) {
    return undefined;
  }
  let folder = dirname(file);
  // Packages may hold further package.json files, which only say how their files are to be read.
  while (!existsSync(join(folder, 'package.json')) || !description(folder).version) {
    folder = dirname(folder);
  }
  return folder;
}

/** @param {string} folder */
function licenceOf(folder) {
  const { name, version, license } = description(folder);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
}

/**
 * @param {string} folder
 * @returns {{ name: string, version?: string, license?: string }}
 */
function description(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
