// `npm run size`: how big is what users load, beside the limits and the recorded sizes.
// `npm run size -- --update` records them.

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { addonFile } from './lib/platforms.mjs';
import { ROOT, runMain } from './lib/run.mjs';
import { judgeSizes, kilobytes, LIMITS } from './lib/size-limits.mjs';
import { pack } from './pack.mjs';

const RECORD = join(ROOT, 'scripts/sizes.json');

/** Prints the report; throws if something is too big. The build must have run. */
export async function checkSizes() {
  const sizes = await measure();
  const recorded = JSON.parse(readFileSync(RECORD, 'utf8'));
  console.log(`  ${'what'.padEnd(28)}${['size', 'recorded', 'limit'].map(cell).join('')}`);
  for (const [name, size] of Object.entries(sizes)) {
    const cells = [size, recorded[name], LIMITS[name]].map((bytes) =>
      cell(bytes === undefined ? '-' : kilobytes(bytes)),
    );
    console.log(`  ${name.padEnd(28)}${cells.join('')}`);
  }
  const problems = judgeSizes(sizes, recorded);
  if (problems.length > 0) {
    throw new Error(problems.join('\n  '));
  }
}

/** @returns {Promise<Record<string, number | undefined>>} bytes */
async function measure() {
  const dist = join(ROOT, 'npm/integrations/dist');
  const destination = temporaryFolder('sizes');
  try {
    const [main = ''] = await pack({ destination, platforms: [] });
    return {
      'WebAssembly module, gzip': gzipSize(join(dist, 'vault.wasm')),
      'npm package, packed': fileSize(main),
      'native addon': fileSize(addonFile('linux-x64-gnu')),
      'admin pages, gzip': gzipSize(join(dist, 'admin.js')),
    };
  } finally {
    rmSync(destination, { recursive: true });
  }
}

/** @param {string} file */
function fileSize(file) {
  return existsSync(file) ? statSync(file).size : undefined;
}

/** @param {string} file */
function gzipSize(file) {
  return existsSync(file) ? gzipSync(readFileSync(file), { level: 9 }).length : undefined;
}

/** @param {string} text */
function cell(text) {
  return text.padStart(14);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await build();
    if (process.argv.includes('--update')) {
      writeFileSync(RECORD, `${JSON.stringify(await measure(), null, 2)}\n`);
    }
    await checkSizes();
  });
}
