// Building the demo, the Next.js app in npm/demo.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

const DEMO = join(ROOT, 'npm/demo');
const PACKAGE = join(ROOT, 'npm/integrations');
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next');
const STAMP = join(DEMO, '.next/.source-hash');
const ENV = { NEXT_TELEMETRY_DISABLED: '1' };

/** Builds it where its sources, the npm package or the installed packages have changed. */
export async function buildDemo() {
  const hash = sourceHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) {
    return;
  }
  await run(process.execPath, [NEXT, 'build', DEMO], { env: ENV });
  writeFileSync(STAMP, hash);
}

function sourceHash() {
  const hash = createHash('sha256');
  const files = [
    join(ROOT, 'package-lock.json'),
    join(PACKAGE, 'package.json'),
    ...filesBelow(join(PACKAGE, 'dist')),
    ...filesBelow(DEMO),
  ];
  for (const file of files) {
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]} the files below it but those that building makes, in a fixed order
 */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['.next', 'node_modules', 'next-env.d.ts'].includes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
