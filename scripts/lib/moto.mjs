// Installs moto, whose KMS the tests of keys ask. Python brings its packages, by the hashes of
// tests/kit/moto-requirements.txt.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMotoInstalled, MOTO } from '../../tests/kit/moto.cjs';
import { read } from './run.mjs';
import { installPackages } from './system-packages.mjs';

export async function installMoto() {
  if (isMotoInstalled()) {
    return;
  }
  const hasEnvironment =
    (await makeEnvironment()) ||
    ((await installPackages('for the tests with a KMS', ['python3-venv'])) &&
      (await makeEnvironment()));
  if (!hasEnvironment || !(await installRequirements())) {
    console.log('  moto is not installed: its tests are skipped (in CI they fail)');
    return;
  }
  copyFileSync(MOTO.requirements, MOTO.stamp);
}

/** Makes the Python environment; whether that worked. */
async function makeEnvironment() {
  return (await read('python3', ['-m', 'venv', '--clear', MOTO.environment])) !== undefined;
}

/** Only packages that are built already: installing them runs nothing of theirs. */
async function installRequirements() {
  const options = ['--quiet', '--require-hashes', '--only-binary', ':all:'];
  const args = ['install', ...options, '-r', MOTO.requirements];
  return (await read(join(MOTO.environment, 'bin/pip'), args)) !== undefined;
}
