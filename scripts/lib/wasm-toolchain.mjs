// A Rust toolchain that can build for wasm32-unknown-unknown, the standard library included: built
// with the module, panics are single instructions without texts, which makes it a tenth smaller.

import { existsSync } from 'node:fs';
import { remapFlags } from './path-remapping.mjs';
import { read } from './run.mjs';
import { installPackages } from './system-packages.mjs';

const TARGET = 'wasm32-unknown-unknown';
const SYSTEM_PACKAGES = ['cargo-web', 'lld-19', 'rust-web-clippy', 'rust-web-src', 'rustc-web'];
const SYSTEM_PROGRAMS = ['/usr/bin/cargo', '/usr/bin/cargo-clippy', '/usr/bin/wasm-ld-19'];

const ARGS = ['-Zbuild-std=std,panic_abort', '--target', TARGET];
const RUSTFLAGS = ['-Zunstable-options', '-Cpanic=immediate-abort', ...remapFlags()];
/** Building the standard library is not a stable feature; the toolchain is pinned. */
const ENV = { RUSTC_BOOTSTRAP: '1' };

/**
 * @typedef {object} WasmToolchain
 * @property {string} cargo
 * @property {string[]} args to follow the cargo command
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * The toolchain of rustup with its sources added, or else Debian's.
 *
 * @returns {Promise<WasmToolchain>}
 */
export async function wasmToolchain() {
  if (await hasRustupSources()) {
    return { cargo: 'cargo', args: ARGS, env: { ...ENV, RUSTFLAGS: RUSTFLAGS.join(' ') } };
  }
  const installed =
    SYSTEM_PROGRAMS.every((program) => existsSync(program)) ||
    (await installPackages(`to build for ${TARGET}`, SYSTEM_PACKAGES));
  if (!installed) {
    throw new Error(
      `Rust can not build for ${TARGET}: run "rustup component add rust-src", or install ${SYSTEM_PACKAGES.join(' ')}`,
    );
  }
  return {
    cargo: '/usr/bin/cargo',
    args: ARGS,
    env: {
      ...ENV,
      PATH: `/usr/bin:${process.env.PATH}`,
      RUSTC: '/usr/bin/rustc',
      RUSTFLAGS: [...RUSTFLAGS, '-Clinker=/usr/bin/wasm-ld-19'].join(' '),
    },
  };
}

async function hasRustupSources() {
  const installed = await read('rustup', ['component', 'list', '--installed']);
  if (installed?.split('\n').includes('rust-src')) {
    return true;
  }
  return (await read('rustup', ['component', 'add', 'rust-src'])) !== undefined;
}
