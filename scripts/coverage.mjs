// `npm run coverage`: which lines the tests reach, of Rust (its own tests, and the addon under Jest) and
// of TypeScript (on Node: what runs on the edge, in browsers and in other people's projects is not
// counted). Reports are in `target/coverage`. Figures to look at, not a limit to keep: no part of CI.

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { build } from './build.mjs';
import { cargoTool } from './lib/cargo-tool.mjs';
import { runJest } from './lib/jest.mjs';
import { bundleForNode } from './lib/node-bundle.mjs';
import { addonFile, builtPlatforms } from './lib/platforms.mjs';
import { ROOT, read, run, runMain, step } from './lib/run.mjs';

const OUTPUT = join(ROOT, 'target/coverage');
const PACKAGE = join(ROOT, 'npm/integrations');
const BUNDLES = 'npm/integrations/dist/{vault,routes,testing}.js';
const BINDINGS = ['cgk-integrations-node', 'cgk-integrations-wasm'];
/** What runs in Jest's own process. */
const TESTS = ['bindings', 'contract', 'drivers', 'fuzz', 'migration', 'postgres', 'testing'];
const BACKENDS = ['native', 'wasm', 'system'];

await runMain(async () => {
  const cargoLlvmCov = await cargoTool('cargo-llvm-cov', '0.9.1');
  await addLlvmTools();
  await build();
  mkdirSync(OUTPUT, { recursive: true });
  const env = await instrumentedEnvironment(cargoLlvmCov);
  const cov = (/** @type {string[]} */ ...args) =>
    run(cargoLlvmCov, ['llvm-cov', ...args], { env });

  await cov('clean', '--workspace');
  const tested = BINDINGS.flatMap((name) => ['--exclude', name]);
  await step('Rust tests', () => run('cargo', ['test', '--workspace', ...tested], { env }));
  const restoreAddon = await step('Building the addon that counts', () => replaceAddon(env));
  try {
    await step('Building the package with source maps', bundleWithSourceMaps);
    await step('Tests in Jest', () => runTests(env));
  } finally {
    restoreAddon();
    await step('Building the package as it was', build);
  }
  await step('Lines of Rust', async () => {
    await cov('report', '--summary-only');
    await cov('report', '--lcov', '--output-path', join(OUTPUT, 'rust.lcov'));
  });
});

/** They read what the compiler's instrumentation writes, and must be of its version. */
async function addLlvmTools() {
  if ((await read('rustup', ['component', 'add', 'llvm-tools'])) === undefined) {
    throw new Error('Coverage of Rust needs "rustup component add llvm-tools", which failed here');
  }
}

/** @param {string} cargoLlvmCov */
async function instrumentedEnvironment(cargoLlvmCov) {
  const shown = await read(cargoLlvmCov, ['llvm-cov', 'show-env']);
  if (shown === undefined) {
    throw new Error('cargo llvm-cov show-env failed');
  }
  const folder = join(OUTPUT, 'rust');
  return {
    ...parseEnv(shown),
    CARGO_TARGET_DIR: folder,
    CARGO_LLVM_COV_TARGET_DIR: folder,
    LLVM_PROFILE_FILE: join(folder, 'cgk-%p-%8m.profraw'),
  };
}

/**
 * Builds an addon that counts its lines into the place of this machine's.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<() => void>} puts the former one back
 */
async function replaceAddon(env) {
  await run('cargo', ['build', '-p', 'cgk-integrations-node'], { env });
  const [platform] = builtPlatforms();
  const addon = addonFile(/** @type {string} */ (platform));
  const former = `${addon}.former`;
  copyFileSync(addon, former);
  const extension = { darwin: 'dylib', win32: 'dll' }[String(process.platform)] ?? 'so';
  const prefix = process.platform === 'win32' ? '' : 'lib';
  const library = `${prefix}cgk_integrations_node.${extension}`;
  copyFileSync(join(OUTPUT, 'rust/debug', library), addon);
  return () => renameSync(former, addon);
}

async function bundleWithSourceMaps() {
  const manifest = readFileSync(join(PACKAGE, 'package.json'), 'utf8');
  const { version, peerDependencies } = JSON.parse(manifest);
  await bundleForNode(PACKAGE, version, Object.keys(peerDependencies), { sourcemap: 'inline' });
}

/** @param {NodeJS.ProcessEnv} env */
async function runTests(env) {
  const config = join(OUTPUT, 'jest.config.json');
  writeFileSync(config, JSON.stringify(await coverageConfig()));
  // In one process, which ends by itself: a worker that is ended writes no counts.
  const patterns = TESTS.map((folder) => `tests/${folder}/`);
  await runJest(['-i', '--selectProjects', ...BACKENDS, '--testPathPatterns', ...patterns], {
    env,
    config,
  });
}

/** Jest counts only what is below the root of its configuration, which is `tests`. */
async function coverageConfig() {
  const { default: config } = await import('../tests/jest.config.mjs');
  const moved = JSON.parse(
    JSON.stringify(config).replaceAll('<rootDir>/', `${join(ROOT, 'tests')}/`),
  );
  const roots = ['tests', 'npm/integrations/dist'].map((folder) => join(ROOT, folder));
  return {
    ...moved,
    rootDir: ROOT,
    projects: moved.projects.map((/** @type {object} */ project) => ({
      ...project,
      rootDir: ROOT,
      roots,
    })),
    collectCoverage: true,
    collectCoverageFrom: [BUNDLES],
    coverageDirectory: join(OUTPUT, 'typescript'),
    coverageProvider: 'v8',
    coverageReporters: ['text-summary', 'lcovonly', 'json-summary'],
  };
}
