// `npm run setup`: installs ahead what the build and the tests need: npm packages, the Rust toolchain's
// parts, moto for the tests with a KMS, and, as root on Debian, the packages that `npm test` would install
// otherwise.

import { armToolchain } from './lib/arm-toolchain.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { installMoto } from './lib/moto.mjs';
import { runMain, step } from './lib/run.mjs';
import { installTestPrograms, installValgrind } from './lib/system-packages.mjs';
import { wasmToolchain } from './lib/wasm-toolchain.mjs';

await runMain(async () => {
  await installDependencies();
  await step('Looking for what builds WebAssembly', wasmToolchain);
  await step('Looking for PgBouncer and Chromium', installTestPrograms);
  await step('Looking for Valgrind', async () => {
    await installValgrind();
  });
  await step('Looking for what builds and runs programs of ARM', async () => {
    await armToolchain();
  });
  await step('Looking for moto', installMoto);
});
