// The tests of `crates/derive` on an emulated ARM processor: its kernels are the code that no test on x86 reaches.

import { armToolchain } from './arm-toolchain.mjs';
import { run } from './run.mjs';

/** What must be there to be tested, as `Kernel::name` has it. */
const KERNELS = ['ARMv8 SHA-2 x2', 'ARMv8 SHA-2 x1'];

/** Fails in CI where it cannot run; elsewhere says that it was left out. On ARM itself, `npm test` runs them. */
export async function testArmKernels() {
  const isX86 = process.platform === 'linux' && process.arch === 'x64';
  const toolchain = isX86 ? await armToolchain() : undefined;
  if (!toolchain) {
    const reason = isX86
      ? 'they need qemu-user, and "rustup target add aarch64-unknown-linux-musl" or Debian\'s cross compiler'
      : 'they are emulated on Linux on x86 alone';
    if (isX86 && process.env.CI === 'true') {
      throw new Error(reason);
    }
    console.log(`  skipped: ${reason}`);
    return;
  }
  const { cargo, args, env } = toolchain;
  await run(cargo, ['test', '--quiet', '-p', 'cgk-derive', '--lib', ...args], {
    env: { ...env, DERIVE_KERNELS: KERNELS.join(',') },
  });
}
