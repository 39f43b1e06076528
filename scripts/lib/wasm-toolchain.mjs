// A Rust toolchain that can build for wasm32-unknown-unknown.

import { existsSync } from 'node:fs';
import { read } from './run.mjs';
import { installPackages } from './system-packages.mjs';

const TARGET = 'wasm32-unknown-unknown';
const SYSTEM_PACKAGES = ['cargo-web', 'lld-19', 'rust-web-clippy', 'rust-web-src', 'rustc-web'];

const SYSTEM_PROGRAMS = ['/usr/bin/cargo', '/usr/bin/cargo-clippy', '/usr/bin/wasm-ld-19'];

/**
 * @typedef {object} WasmToolchain
 * @property {string} cargo
 * @property {string[]} args to follow the cargo command
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * The toolchain of rustup with the target added, or else Debian's, which builds the standard
 * library from source.
 *
 * @returns {Promise<WasmToolchain>}
 */
export async function wasmToolchain() {
  if (await hasRustupTarget()) {
    return { cargo: 'cargo', args: ['--target', TARGET], env: {} };
  }
  const installed =
    SYSTEM_PROGRAMS.every((program) => existsSync(program)) ||
    (await installPackages(`to build for ${TARGET}`, SYSTEM_PACKAGES));
  if (!installed) {
    throw new Error(
      `Rust can not build for ${TARGET}: run "rustup target add ${TARGET}", or install ${SYSTEM_PACKAGES.join(' ')}`,
    );
  }
  return {
    cargo: '/usr/bin/cargo',
    args: ['-Zbuild-std=std,panic_abort', '--target', TARGET],
    env: {
      PATH: `/usr/bin:${process.env.PATH}`,
      RUSTC: '/usr/bin/rustc',
      RUSTC_BOOTSTRAP: '1',
      RUSTFLAGS: '-C linker=/usr/bin/wasm-ld-19',
    },
  };
}

async function hasRustupTarget() {
  const installed = await read('rustup', ['target', 'list', '--installed']);
  if (installed?.split('\n').includes(TARGET)) {
    return true;
  }
  return (await read('rustup', ['target', 'add', TARGET])) !== undefined;
}
