// `npm run build`: the addon, the WebAssembly module, the types and the npm package.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, linkBuiltAddons } from './addon.mjs';
import { bundleAdmin } from './lib/admin-bundle.mjs';
import { arrangeDeclarations } from './lib/declarations.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { bundleForEdge } from './lib/edge-bundle.mjs';
import { LICENCES } from './lib/licences.mjs';
import { bundleForNode } from './lib/node-bundle.mjs';
import { npx, ROOT, run, runMain, step } from './lib/run.mjs';
import { wasmToolchain } from './lib/wasm-toolchain.mjs';

const PACKAGE = join(ROOT, 'npm/integrations');
const DIST = join(PACKAGE, 'dist');
const WASM_BINDING = join(ROOT, 'bindings/wasm');

/** Builds everything; what is up to date is left alone. */
export async function build() {
  await installDependencies();
  if (process.env.PREBUILT_ADDON === 'true') {
    linkBuiltAddons();
  } else {
    await step('Building the native addon (the first time takes minutes)', buildAddon);
  }
  await step('Building the WebAssembly module', buildWasm);
  await step('Building the npm package', buildPackage);
}

async function buildWasm() {
  const { cargo, args, env } = await wasmToolchain();
  const name = 'cgk-integrations-wasm';
  await run(cargo, ['build', '--profile', 'wasm', '-p', name, ...args], { env });

  const module = join(ROOT, 'target/wasm32-unknown-unknown/wasm/cgk_integrations_wasm.wasm');
  const output = join(WASM_BINDING, 'pkg');
  const stamp = join(output, '.module-hash');
  const hash = createHash('sha256').update(readFileSync(module)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    return;
  }
  mkdirSync(output, { recursive: true });
  await run('cargo', ['run', '-q', '-p', 'cgk-codegen', '--', 'wasm', module, output]);
  const wasm = join(output, 'vault_bg.wasm');
  await npx('binaryen/bin/wasm-opt', [
    '-O2',
    // What is called once stays a function: repeated code compresses better.
    '--one-caller-inline-max-function-size=0',
    '--strip-debug',
    '--strip-producers',
    wasm,
    '-o',
    wasm,
  ]);
  writeFileSync(stamp, hash);
}

async function buildPackage() {
  const types = join(PACKAGE, 'src/generated');
  await run('cargo', ['run', '-q', '-p', 'cgk-codegen', '--', 'types', types]);
  await npx('@biomejs/biome/bin/biome', ['format', '--write', '--log-level=error', types]);

  rmSync(DIST, { recursive: true, force: true });
  const { version, peerDependencies } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  );
  await bundleForNode(PACKAGE, version, Object.keys(peerDependencies));
  await bundleForEdge(PACKAGE, version);
  await bundleAdmin(PACKAGE);
  copyFileSync(join(WASM_BINDING, 'pkg/vault_bg.wasm'), join(DIST, 'vault.wasm'));
  copyFileSync(LICENCES.wasm, join(DIST, 'vault.LICENSES.txt'));
  await npx('typescript/bin/tsc', ['-p', PACKAGE]);
  arrangeDeclarations(DIST);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(build);
}
