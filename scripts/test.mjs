// `npm test`: everything. `npm test -- <pattern>` runs the Jest tests of matching files only.

import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { runJest } from './lib/jest.mjs';
import { ROOT, read, run, runMain, step } from './lib/run.mjs';
import { installPackages } from './lib/system-packages.mjs';

/** @param {string[]} patterns */
export async function test(patterns = []) {
  await build();
  if (patterns.length === 0) {
    await step('Rust tests', () =>
      run('cargo', [
        'test',
        '--workspace',
        ...['cgk-integrations-node', 'cgk-integrations-wasm'].flatMap((name) => [
          '--exclude',
          name,
        ]),
      ]),
    );
    await step('Looking for PgBouncer', findPooler);
    await step('Looking for Chromium', findBrowser);
  }
  // Imported when needed: the packages that it needs are installed by the build.
  const { buildDemo } = await import('./lib/demo-build.mjs');
  await step('Building the demo', buildDemo);
  await step('Contract suite on all backends, system tests and runtimes', () => runJest(patterns));
}

async function findPooler() {
  if ((await read('pgbouncer', ['--version'])) !== undefined) {
    return;
  }
  if (!(await installPackages('for the pooler tests', ['pgbouncer']))) {
    console.log('  PgBouncer is not installed: its tests are skipped (in CI they fail)');
  }
}

async function findBrowser() {
  if ((await read('chromium', ['--version'])) !== undefined) {
    return;
  }
  if (!(await installPackages('for the browser tests', ['chromium']))) {
    console.log('  Chromium is not installed: its tests are skipped (in CI they fail)');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(ROOT);
  await runMain(() => test(process.argv.slice(2)));
}
