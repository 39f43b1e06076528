// `npm run check`: what CI runs.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCounts } from './counts.mjs';
import { testArmKernels } from './lib/arm-tests.mjs';
import { cargoDeny } from './lib/cargo-tool.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { checkLicences } from './lib/licences.mjs';
import { attempt, npx, ROOT, read, run, runMain, step } from './lib/run.mjs';
import { wasmToolchain } from './lib/wasm-toolchain.mjs';
import { checkWorkflows } from './lib/workflows.mjs';
import { checkSizes } from './size.mjs';
import { test } from './test.mjs';

const DENY_WARNINGS = ['--', '-D', 'warnings'];

/** What the pure crates must never depend on, by the start of a package's name. */
const FORBIDDEN = ['tokio', 'napi', 'wasm-bindgen', 'js-sys', 'web-sys', 'postgres'];

await runMain(async () => {
  await installDependencies();
  await step('Formatting and lint of JavaScript', () =>
    npx('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings']),
  );
  await step('Workflows', checkWorkflows);
  await step('Formatting of Rust', () => run('cargo', ['fmt', '--all', '--check']));
  await step('Dependencies of the pure crates', checkDependencies);
  await step('Licences and sources of the crates', checkCrates);
  await step('Licence texts of the crates', checkLicences);
  await step('Known faults of the npm packages', auditPackages);
  await step('Lint of Rust', lintRust);
  await step('Fuzz targets compile', checkFuzzTargets);
  // Builds first: the types of the bindings are generated.
  await test();
  await step('Kernels of ARM, emulated', testArmKernels);
  await step('Generated types are those in the repository', checkGenerated);
  await checkDocumentation();
  await step('Sizes', checkSizes);
  await step('Instructions of keys and reads', checkCounts);
  await step('A short benchmark, which judges no time', () =>
    run(process.execPath, [join(ROOT, 'scripts/bench.mjs'), '--short']),
  );
  console.log('\n✓ All checks passed');
});

async function lintRust() {
  const bindings = ['cgk-integrations-node', 'cgk-integrations-wasm'];
  const others = bindings.flatMap((name) => ['--exclude', name]);
  await run('cargo', ['clippy', '--workspace', ...others, '--all-targets', ...DENY_WARNINGS]);
  await run('cargo', ['clippy', '-p', 'cgk-integrations-node', ...DENY_WARNINGS]);
  const { cargo, args, env } = await wasmToolchain();
  await run(cargo, ['clippy', '-p', 'cgk-integrations-wasm', ...args, ...DENY_WARNINGS], { env });
}

/** They are no member of the workspace, and are built by hand otherwise. */
function checkFuzzTargets() {
  const crate = join(ROOT, 'crates/fuzz');
  // Of the versions that the workspace has.
  copyFileSync(join(ROOT, 'Cargo.lock'), join(crate, 'Cargo.lock'));
  const env = { CARGO_TARGET_DIR: join(ROOT, 'target/fuzz') };
  return run('cargo', ['check', '--quiet', '--manifest-path', join(crate, 'Cargo.toml')], { env });
}

async function checkDependencies() {
  for (const crate of ['cgk-crypto', 'cgk-credentials']) {
    const tree = await read('cargo', ['tree', '-p', crate, '-e', 'normal', '--prefix', 'none']);
    if (tree === undefined) {
      throw new Error(`cargo tree failed for ${crate}`);
    }
    const found = tree
      .split('\n')
      .filter((line) => FORBIDDEN.some((name) => line.startsWith(name)));
    if (found.length > 0) {
      throw new Error(`${crate} must not depend on ${found.join(', ')}`);
    }
  }
}

/** Advisories are checked by `npm run audit`: their database is not on a package registry. */
async function checkCrates() {
  const program = await cargoDeny();
  // What it reads of each crate may not be on this machine yet.
  await run('cargo', ['fetch', '--locked']);
  await run(program, [
    '--offline',
    'check',
    '--hide-inclusion-graph',
    'bans',
    'licenses',
    'sources',
  ]);
}

async function auditPackages() {
  const args = ['audit', '--omit=dev', '--audit-level=high', '--json'];
  const { output } = await attempt('npm', args);
  const report = JSON.parse(output || '{}');
  if (!report.vulnerabilities) {
    console.log('  skipped: this registry answers no audits; the workflow asks one that does');
    return;
  }
  const { high = 0, critical = 0 } = report.metadata.vulnerabilities;
  if (high + critical > 0) {
    throw new Error('npm packages have known faults: run "npm audit --omit=dev"');
  }
}

/** Imported late: they need packages that a fresh checkout does not have yet. */
async function checkDocumentation() {
  const { checkComments } = await import('./lib/pages/comments.mjs');
  const { checkPages } = await import('./lib/pages/generated.mjs');
  await step('Comments of the exported functions', checkComments);
  await step('Generated pages are those in the repository', checkPages);
}

async function checkGenerated() {
  const changed = await read('git', [
    'status',
    '--porcelain',
    '--',
    'npm/integrations/src/generated',
  ]);
  if (changed === undefined || changed !== '') {
    throw new Error('npm/integrations/src/generated changed in the build: commit it');
  }
}
