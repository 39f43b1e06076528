// `npm run addon`: the native addon alone, also for other platforms: what follows `--` is for
// `napi build`, such as `--target x86_64-unknown-linux-musl --cross-compile`.

import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './lib/dependencies.mjs';
import { remapFlags } from './lib/path-remapping.mjs';
import { addonFile, PLATFORMS } from './lib/platforms.mjs';
import { npx, ROOT, runMain, step } from './lib/run.mjs';

const OUTPUT = join(ROOT, 'bindings/node/pkg');

/**
 * Builds the addon into the package of its platform.
 *
 * @param {string[]} options for `napi build`; without a target, this machine's
 */
export async function buildAddon(options = []) {
  const flags = [process.env.RUSTFLAGS ?? '', ...remapFlags()];
  await npx(
    '@napi-rs/cli/dist/cli.js',
    [
      'build',
      '--release',
      '--platform',
      '--no-js',
      ...['--package-json-path', 'npm/integrations/package.json'],
      ...['--manifest-path', 'bindings/node/Cargo.toml'],
      ...['--output-dir', 'bindings/node/pkg'],
      ...['--dts', 'index.d.ts'],
      ...options,
    ],
    { RUSTFLAGS: flags.join(' ').trim() },
  );
  for (const platform of PLATFORMS) {
    const built = join(OUTPUT, `integrations.${platform}.node`);
    if (existsSync(built)) {
      copyFileSync(built, addonFile(platform));
    }
  }
  linkBuiltAddons();
}

/** Lets the packages of the platforms be found: npm refuses to have those of others as workspaces. */
export function linkBuiltAddons() {
  for (const platform of PLATFORMS.filter((name) => existsSync(addonFile(name)))) {
    const link = join(ROOT, `node_modules/@cgk-platform/integrations-${platform}`);
    rmSync(link, { force: true, recursive: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join('../../npm', platform), link, 'junction');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await installDependencies();
    await step('Building the native addon', () => buildAddon(process.argv.slice(2)));
  });
}
