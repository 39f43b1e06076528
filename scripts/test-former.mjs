// `npm run test:former`: builds the package as it was before token format v2, and lets it read what
// `keys rotate --format v1` leaves. Takes minutes; `npm test` has the legacy cipher do so instead.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { runJest } from './lib/jest.mjs';
import { run, runMain, step } from './lib/run.mjs';

/** The last one whose package cannot read v2. */
const FORMER_COMMIT = 'ada7a4d270dd1724ee69e1a5363aa5fba07d7ef3';

await runMain(async () => {
  await build();
  const parent = temporaryFolder('cgk-former');
  const checkout = join(parent, 'checkout');
  await run('git', ['worktree', 'add', '--detach', checkout, FORMER_COMMIT]);
  try {
    await step('Building the former package', () =>
      run('npm', ['run', 'build'], { cwd: checkout }),
    );
    await step('Rotating, and reading with the former package', () =>
      runJest(['tests/migration/stored-tokens'], { env: { FORMER_PACKAGE: checkout } }),
    );
  } finally {
    await run('git', ['worktree', 'remove', '--force', checkout]);
    rmSync(parent, { recursive: true });
  }
});
