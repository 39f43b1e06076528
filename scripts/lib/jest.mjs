// Runs Jest on the tests.

import { run } from './run.mjs';

/**
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, config?: string }} [options]
 */
export function runJest(args, { env = {}, config = 'tests/jest.config.mjs' } = {}) {
  // PGlite imports its parts dynamically, which Jest only allows with this flag.
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = ['node_modules/jest/bin/jest.js', '-c', config];
  return run(process.execPath, [...flags, ...jest, ...args], { env });
}
