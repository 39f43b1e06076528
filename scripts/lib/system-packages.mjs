// Debian packages that the build or the tests need, where there is no other way to get them.

import { read, run } from './run.mjs';

/**
 * Installs the packages whose programs are missing. Needs apt and root.
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
  console.log(`  installing ${packages.join(', ')} (${purpose})`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-qq', '--no-install-recommends', ...packages], { env });
    return true;
  } catch {
    return false;
  }
}
