// The licences of the crates in the addon and in the WebAssembly module, whose texts go with them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cargoTool } from './cargo-tool.mjs';
import { ROOT, read, run } from './run.mjs';

/** The files that are packed, by binding. */
export const LICENCES = {
  node: join(ROOT, 'bindings/node/LICENSES.txt'),
  wasm: join(ROOT, 'bindings/wasm/LICENSES.txt'),
};

/** Writes both files anew. */
export async function writeLicences() {
  for (const [binding, file] of Object.entries(LICENCES)) {
    writeFileSync(file, await licencesOf(binding));
  }
}

/** Throws if a file is not of the crates that are linked now. */
export async function checkLicences() {
  for (const [binding, file] of Object.entries(LICENCES)) {
    if (readFileSync(file, 'utf8') !== (await licencesOf(binding))) {
      throw new Error(`${file} is not of the crates of now: run "npm run licences" and commit it`);
    }
  }
}

/**
 * @param {string} binding
 * @returns {Promise<string>}
 */
async function licencesOf(binding) {
  const program = await cargoTool('cargo-about', '0.9.1', ['cli']);
  // What it reads of each crate may not be on this machine yet.
  await run('cargo', ['fetch', '--locked', '--quiet']);
  const text = await read(program, [
    'generate',
    '--frozen',
    '--fail',
    ...['--manifest-path', join(ROOT, `bindings/${binding}/Cargo.toml`)],
    ...(binding === 'node' ? platformTargets().flatMap((target) => ['--target', target]) : []),
    ...['--config', join(ROOT, '.about', `${binding}.toml`)],
    join(ROOT, '.about/licences.hbs'),
  ]);
  if (text === undefined) {
    throw new Error(`cargo-about failed for bindings/${binding}: see .about/${binding}.toml`);
  }
  return text;
}

/**
 * The targets that there is an addon for.
 *
 * @returns {string[]}
 */
function platformTargets() {
  const manifest = readFileSync(join(ROOT, 'npm/integrations/package.json'), 'utf8');
  return JSON.parse(manifest).napi.targets;
}
