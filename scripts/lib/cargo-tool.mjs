// Programs that come as crates, built once for this checkout.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/**
 * The path of a program; built first if this version of it is not there.
 *
 * @param {string} name of the crate and of its program
 * @param {string} version
 * @param {string[]} [features]
 */
export async function cargoTool(name, version, features = []) {
  const folder = join(ROOT, 'target/tools', `${name}-${version}`);
  const program = join(folder, 'bin', name);
  if (!existsSync(program)) {
    console.log(`  building ${name} ${version} (this takes minutes, once)`);
    await run('cargo', [
      'install',
      ...[name, '--version', version, '--features', features.join()],
      ...['--locked', '--quiet', '--root', folder],
    ]);
  }
  return program;
}

/** Checks the crates by `.deny.toml`. */
export const cargoDeny = () => cargoTool('cargo-deny', '0.20.2');
