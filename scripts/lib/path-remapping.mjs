// What is published tells nothing of the computer that it was built on: without this, the place of each
// crate's source stands in the addon, for messages of panics.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/**
 * Flags for rustc, for the variable `RUSTFLAGS`. Of several prefixes that fit, it takes the last one.
 *
 * @returns {string[]}
 */
export function remapFlags() {
  const home = homedir();
  const { CARGO_HOME = join(home, '.cargo'), RUSTUP_HOME = join(home, '.rustup') } = process.env;
  const names = { [home]: '~', [RUSTUP_HOME]: 'rustup', [CARGO_HOME]: 'cargo', [ROOT]: '.' };
  return (
    Object.entries(names)
      // The variable is split at white space, so such a path cannot be told.
      .filter(([path]) => !/\s/.test(path))
      .map(([path, name]) => `--remap-path-prefix=${path}=${name}`)
  );
}
