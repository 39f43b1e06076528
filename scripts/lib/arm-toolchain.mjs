// A Rust toolchain that builds for 64-bit ARM, and QEMU, which runs what it built: on another processor the kernels
// of ARM could not be tested.

import { existsSync } from 'node:fs';
import { read } from './run.mjs';
import { installPackages } from './system-packages.mjs';

/** That of rustup has a C library with it. */
const RUSTUP_TARGET = 'aarch64-unknown-linux-musl';
/** For that of Debian, whose Rust has no standard library for it: it is built with the tests. */
const SYSTEM_TARGET = 'aarch64-unknown-linux-gnu';
const SYSTEM_PACKAGES = [
  'cargo-web',
  'gcc-aarch64-linux-gnu',
  'libc6-dev-arm64-cross',
  'rust-web-src',
  'rustc-web',
];
const SYSTEM_PROGRAMS = ['/usr/bin/cargo', '/usr/bin/rustc', '/usr/bin/aarch64-linux-gnu-gcc'];

/**
 * @typedef {object} ArmToolchain
 * @property {string} cargo
 * @property {string[]} args to follow the cargo command
 * @property {NodeJS.ProcessEnv} env
 */

/** @returns {Promise<ArmToolchain | undefined>} `undefined` where a part is missing and cannot be installed */
export async function armToolchain() {
  if (!(await hasQemu())) {
    return undefined;
  }
  if (await hasRustupTarget()) {
    const env = settings(RUSTUP_TARGET, { linker: 'rust-lld', runner: 'qemu-aarch64' });
    return { cargo: 'cargo', args: ['--target', RUSTUP_TARGET], env };
  }
  const purpose = `to build for ${SYSTEM_TARGET}`;
  const installed =
    SYSTEM_PROGRAMS.every((program) => existsSync(program)) ||
    (await installPackages(purpose, SYSTEM_PACKAGES));
  return installed ? systemToolchain() : undefined;
}

async function hasQemu() {
  const installed = (await read('qemu-aarch64', ['--version'])) !== undefined;
  return installed || installPackages('to run programs of ARM', ['qemu-user']);
}

async function hasRustupTarget() {
  const installed = await read('rustup', ['target', 'list', '--installed']);
  if (installed?.split('\n').includes(RUSTUP_TARGET)) {
    return true;
  }
  return (await read('rustup', ['target', 'add', RUSTUP_TARGET])) !== undefined;
}

/** @returns {ArmToolchain} */
function systemToolchain() {
  const linker = 'aarch64-linux-gnu-gcc';
  const runner = 'qemu-aarch64 -L /usr/aarch64-linux-gnu';
  return {
    cargo: '/usr/bin/cargo',
    args: ['-Zbuild-std', '--target', SYSTEM_TARGET],
    env: {
      ...settings(SYSTEM_TARGET, { linker, runner }),
      // Building the standard library is not a stable feature.
      RUSTC_BOOTSTRAP: '1',
      PATH: `/usr/bin:${process.env.PATH}`,
      RUSTC: '/usr/bin/rustc',
    },
  };
}

/**
 * @param {string} target
 * @param {{ linker: string, runner: string }} programs
 * @returns {NodeJS.ProcessEnv}
 */
function settings(target, { linker, runner }) {
  const start = `CARGO_TARGET_${target.toUpperCase().replaceAll('-', '_')}`;
  return { [`${start}_LINKER`]: linker, [`${start}_RUNNER`]: runner };
}
