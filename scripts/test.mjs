// `npm test`: everything. `npm test -- <pattern>` runs the Jest tests of matching files only.

import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { runJest } from './lib/jest.mjs';
import { installMoto } from './lib/moto.mjs';
import { ROOT, run, runMain, step } from './lib/run.mjs';
import { installTestPrograms } from './lib/system-packages.mjs';
import { checkTypes } from './lib/types.mjs';

/** @param {string[]} patterns */
export async function test(patterns = []) {
  const isEverything = patterns.length === 0;
  if (isEverything) {
    await step('Looking for PgBouncer and Chromium', installTestPrograms);
    await step('Looking for moto', installMoto);
  }
  await build();
  await step('Types of tests, scripts and the demo', checkTypes);
  if (isEverything) {
    await step('Rust tests', testRust);
  }
  // Imported when needed: the packages that it needs are installed by the build.
  const { buildDemo } = await import('./lib/demo-build.mjs');
  await step('Building the demo', buildDemo);
  await step('Contract suite on all backends, system tests and runtimes', () => runJest(patterns));
}

function testRust() {
  const bindings = ['cgk-integrations-node', 'cgk-integrations-wasm'];
  const others = bindings.flatMap((name) => ['--exclude', name]);
  return run('cargo', ['test', '--workspace', ...others]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(ROOT);
  await runMain(() => test(process.argv.slice(2)));
}
