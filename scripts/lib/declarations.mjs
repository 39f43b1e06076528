// The declarations of the npm package: those that its users can reach, for `require` and `import`.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The entry points, and the modules whose declarations are theirs. */
const ENTRIES = {
  index: 'index',
  native: 'index',
  wasm: 'index',
  routes: 'routes/index',
  testing: 'testing/index',
  next: 'entries/next',
  trigger: 'entries/trigger',
};

/**
 * Removes the declarations of inner modules, and gives the ES modules a set of their own: the SDKs'
 * types are others for `import` than for `require`.
 *
 * @param {string} dist
 */
export function arrangeDeclarations(dist) {
  for (const [entry, module] of Object.entries(ENTRIES)) {
    if (entry !== module) {
      writeFileSync(join(dist, declarationOf(entry)), `export * from './${module}.js';\n`);
    }
  }
  const shared = reachable(dist, Object.keys(ENTRIES).map(declarationOf));
  const kept = reachable(dist, [...shared, 'admin/index.d.ts']);
  const all = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  for (const file of all.filter((name) => name.endsWith('.d.ts') && !kept.has(name))) {
    rmSync(join(dist, file));
  }
  for (const extension of ['ts', 'mts']) {
    writeFileSync(join(dist, `admin.d.${extension}`), "export * from './admin/index.js';\n");
  }
  for (const file of shared) {
    hideThis(join(dist, file));
    allowMissingPackages(join(dist, file));
    cpSync(join(dist, file), join(dist, 'esm', file));
  }
}

/**
 * Leaves `this` out of the functions, by which each knows its vault: callers have nothing to do with it.
 *
 * @param {string} file
 */
function hideThis(file) {
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, source.replace(/\(this: unknown(?:, )?/g, '('));
}

/**
 * Silences the error of imports of packages that are not installed: the vendors' SDKs are optional, and
 * projects may compile without `skipLibCheck`. What is imported from one is `any` then.
 *
 * @param {string} file
 */
function allowMissingPackages(file) {
  const source = readFileSync(file, 'utf8');
  const packages = /^import type .* from '(?!\.|node:|@cgk-platform\/)[^']+';$/gm;
  writeFileSync(file, source.replace(packages, '/** @ts-ignore */\n$&'));
}

/**
 * @param {string} dist
 * @param {string[]} files
 * @returns {Set<string>} these and those that they import
 */
function reachable(dist, files) {
  const found = new Set(files);
  // A set also visits what is added on the way.
  for (const file of found) {
    const source = readFileSync(join(dist, file), 'utf8');
    for (const [, path = ''] of source.matchAll(/(?:from|import\() ?['"](\.[^'"]+)\.js['"]/g)) {
      found.add(declarationOf(join(dirname(file), path)));
    }
  }
  return found;
}

/** @param {string} path */
function declarationOf(path) {
  return `${path}.d.ts`;
}
