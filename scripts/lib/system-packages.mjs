// Debian packages that the build or the tests need, where there is no other way to get them.

import { read, run } from './run.mjs';

/** Programs without which tests are skipped, by the package that has each. */
const TEST_PROGRAMS = [
  { name: 'PgBouncer', program: 'pgbouncer', purpose: 'for the pooler tests' },
  { name: 'Chromium', program: 'chromium', purpose: 'for the browser tests' },
];

/** Installs what the tests need and this machine does not have. */
export async function installTestPrograms() {
  for (const { name, program, purpose } of TEST_PROGRAMS) {
    const isInstalled = (await read(program, ['--version'])) !== undefined;
    if (!isInstalled && !(await installPackages(purpose, [program]))) {
      console.log(`  ${name} is not installed: its tests are skipped (in CI they fail)`);
    }
  }
}

/** @returns {Promise<boolean>} whether Valgrind, which counts instructions, is there then */
export async function installValgrind() {
  const isInstalled = (await read('valgrind', ['--version'])) !== undefined;
  return isInstalled || installPackages('to count instructions', ['valgrind']);
}

/**
 * Installs packages after saying so. Needs apt and root.
 *
 * @param {string} purpose shown to the user
 * @param {string[]} packages
 * @returns {Promise<boolean>} whether they were installed
 */
export async function installPackages(purpose, packages) {
  const root = process.getuid?.() === 0;
  if (!root || (await read('apt-get', ['--version'])) === undefined) {
    return false;
  }
  console.log(
    `  apt-get now installs ${packages.join(', ')} ${purpose} ("npm run setup" does it ahead)`,
  );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-qq', '--no-install-recommends', ...packages], { env });
    return true;
  } catch {
    return false;
  }
}
