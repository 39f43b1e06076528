// `npm run version`: takes the changesets into the changelog, and gives the version that they make to
// the packages of the platforms and to the crates.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NPM } from './lib/platforms.mjs';
import { npx, ROOT, run, runMain } from './lib/run.mjs';

await runMain(async () => {
  await npx('@changesets/cli/bin.js', ['version']);
  const { version } = JSON.parse(readFileSync(join(NPM, 'integrations/package.json'), 'utf8'));
  const folders = ['--package-json-path', 'npm/integrations/package.json', '--npm-dir', 'npm'];
  await npx('@napi-rs/cli/dist/cli.js', ['version', ...folders]);
  for (const folder of ['npm/demo', 'tests', 'tests/kit', 'tests/jobs/project']) {
    const dependency = '"@cgk-platform/integrations": "';
    replace(join(ROOT, folder, 'package.json'), `${dependency}.*"`, `${dependency}${version}"`);
  }
  replace(join(ROOT, 'Cargo.toml'), /^version = ".*"/m, `version = "${version}"`);
  await run('cargo', ['update', '--workspace']);
  await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund']);
});

/**
 * @param {string} file
 * @param {RegExp | string} pattern
 * @param {string} text
 */
function replace(file, pattern, text) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(new RegExp(pattern), text));
}
