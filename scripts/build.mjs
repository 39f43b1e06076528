// `npm run build`: the addon, the WebAssembly module, the types and the npm package.

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAdmin } from './lib/admin-bundle.mjs';
import { arrangeDeclarations } from './lib/declarations.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { bundleForEdge } from './lib/edge-bundle.mjs';
import { bundleForNode } from './lib/node-bundle.mjs';
import { npx, ROOT, run, runMain, step } from './lib/run.mjs';
import { wasmToolchain } from './lib/wasm-toolchain.mjs';

const NPM = join(ROOT, 'npm');
const PACKAGE = join(NPM, 'integrations');
const DIST = join(PACKAGE, 'dist');
const NODE_BINDING = join(ROOT, 'bindings/node');
const WASM_BINDING = join(ROOT, 'bindings/wasm');

/** Builds everything; what is up to date is left alone. */
export async function build() {
  await installDependencies();
  await step('Building the native addon (the first time takes minutes)', buildAddon);
  await step('Building the WebAssembly module', buildWasm);
  await step('Building the npm package', buildPackage);
}

async function buildAddon() {
  const header = readFileSync(join(ROOT, 'bindings/imports.d.ts'), 'utf8');
  const output = join(NODE_BINDING, 'pkg');
  await npx('@napi-rs/cli/dist/cli.js', [
    'build',
    '--release',
    '--platform',
    '--no-js',
    ...['--package-json-path', 'npm/integrations/package.json'],
    ...['--manifest-path', 'bindings/node/Cargo.toml'],
    ...['--output-dir', 'bindings/node/pkg'],
    ...['--dts', 'index.d.ts'],
    ...['--dts-header', header],
  ]);
  for (const platform of [
    'linux-x64-gnu',
    'linux-arm64-gnu',
    'linux-x64-musl',
    'darwin-x64',
    'darwin-arm64',
    'win32-x64-msvc',
  ]) {
    const file = `integrations.${platform}.node`;
    if (existsSync(join(output, file))) {
      copyFileSync(join(output, file), join(NPM, platform, file));
      linkPackage(platform);
    }
  }
}

/**
 * Platform packages can not be npm workspaces: npm refuses those of other platforms.
 *
 * @param {string} platform
 */
function linkPackage(platform) {
  const link = join(ROOT, `node_modules/@cgk-platform/integrations-${platform}`);
  rmSync(link, { force: true, recursive: true });
  symlinkSync(join('../../npm', platform), link, 'junction');
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
    '-O3',
    '--strip-debug',
    '--strip-producers',
    wasm,
    '-o',
    wasm,
  ]);
  writeFileSync(stamp, hash);
}

async function buildPackage() {
  const types = join(PACKAGE, 'src/generated/types.ts');
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
  await npx('typescript/bin/tsc', ['-p', PACKAGE]);
  arrangeDeclarations(DIST);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(build);
}
