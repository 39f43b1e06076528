// The pages of docs/ that are generated, in whole or in part.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run.mjs';
import { apiPage } from './api.mjs';
import { errorsTable } from './errors.mjs';
import { withGenerated } from './markdown.mjs';
import { servicesPart } from './services.mjs';

/** Each page, and what it is to have, from what it has. */
const PAGES = {
  'docs/api.md': apiPage,
  'docs/errors.md': async (/** @type {string} */ page) => withGenerated(page, await errorsTable()),
  'docs/services.md': async (/** @type {string} */ page) =>
    withGenerated(page, await servicesPart()),
};

/** Writes the pages. The package has to be built. */
export async function writePages() {
  for (const [path, text] of await generatedPages()) {
    writeFileSync(join(ROOT, path), text);
  }
}

/** Throws if a page is not what would be written. */
export async function checkPages() {
  const stale = (await generatedPages()).filter(([path, text]) => read(path) !== text);
  if (stale.length > 0) {
    const names = stale.map(([path]) => path).join(', ');
    throw new Error(
      `${names}: stale, because the source changed. Run "npm run docs" and commit it`,
    );
  }
}

/** @returns {Promise<[path: string, text: string][]>} */
async function generatedPages() {
  return Promise.all(
    Object.entries(PAGES).map(async ([path, generate]) => {
      const text = await generate(read(path));
      return /** @type {[string, string]} */ ([path, await formatted(path, text)]);
    }),
  );
}

/** @param {string} path */
function read(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {Promise<string>} as `npm run format` has it
 */
function formatted(path, text) {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'format', `--stdin-file-path=${path}`];
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      args,
      { cwd: ROOT, maxBuffer: 2 ** 26 },
      (error, out) => (error ? reject(error) : resolve(out)),
    );
    child.stdin?.end(text);
  });
}
