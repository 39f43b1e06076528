// `npm run sbom`: what the published packages are made of, as CycloneDX, in `.packages`: the crates in
// the addon and in the module, and the npm packages in the admin pages (with the peers beside them).

import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cargoTool } from './lib/cargo-tool.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { ROOT, read, run, runMain, step } from './lib/run.mjs';

const OUTPUT = join(ROOT, '.packages');

await runMain(async () => {
  await installDependencies();
  mkdirSync(OUTPUT, { recursive: true });
  await step('npm packages', describePackages);
  await step('Crates', describeCrates);
});

async function describePackages() {
  const workspace = ['--workspace', '@cgk-platform/integrations', '--omit', 'peer'];
  const bom = await read('npm', ['sbom', '--sbom-format', 'cyclonedx', ...workspace]);
  if (bom === undefined) {
    throw new Error('npm sbom failed');
  }
  writeFileSync(join(OUTPUT, 'npm.cdx.json'), bom);
}

async function describeCrates() {
  const cyclonedx = await cargoTool('cargo-cyclonedx', '0.5.9');
  for (const binding of ['node', 'wasm']) {
    const name = `rust-${binding}.cdx`;
    const manifest = ['--manifest-path', join(ROOT, 'bindings', binding, 'Cargo.toml')];
    await run(cyclonedx, [
      'cyclonedx',
      ...manifest,
      ...['--format', 'json', '--override-filename', name],
    ]);
    cpSync(join(ROOT, 'bindings', binding, `${name}.json`), join(OUTPUT, `${name}.json`));
    // It writes one beside the manifest of every crate of the workspace.
    for (const folder of ['bindings', 'crates']) {
      for (const crate of readdirSync(join(ROOT, folder))) {
        rmSync(join(ROOT, folder, crate, `${name}.json`), { force: true });
      }
    }
  }
}
