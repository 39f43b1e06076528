// `npm run pack`: the tarballs that a release publishes, in `.packages`; the addons of the platforms
// that are built here, or with `-- --all` of every one; and `SHA256SUMS`, their hashes.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { LICENCES } from './lib/licences.mjs';
import { addonFile, builtPlatforms, NPM, PLATFORMS } from './lib/platforms.mjs';
import { ROOT, read, runMain, step } from './lib/run.mjs';

const MAIN = 'integrations';

/**
 * Packs the main package and platform packages.
 *
 * @param {{ destination: string, platforms: string[] }} options
 * @returns {Promise<string[]>} the paths of the tarballs, the main package's first
 */
export async function pack({ destination, platforms }) {
  if (!existsSync(join(NPM, MAIN, 'dist/index.js'))) {
    throw new Error('There is nothing to pack yet: run "npm run build" first');
  }
  mkdirSync(destination, { recursive: true });
  const folders = [
    stageMain(destination),
    ...platforms.map((name) => stagePlatform(destination, name)),
  ];
  const tarballs = [];
  for (const folder of folders) {
    tarballs.push(await packFolder(folder, destination));
    rmSync(folder, { recursive: true });
  }
  return tarballs;
}

/**
 * The hashes of tarballs as `sha256sum` writes them, in the order in which they are published: the main
 * package last, so that who installs it finds the addons.
 *
 * @param {string[]} tarballs as `pack` gives them
 */
export function hashesOf([main = '', ...addons]) {
  const lines = [...addons, main].map((path) => {
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    return `${hash}  ${basename(path)}\n`;
  });
  return lines.join('');
}

/** @param {string} destination */
function stageMain(destination) {
  const folder = stage(destination, MAIN, ['dist', 'CHANGELOG.md']);
  const { devDependencies, ...manifest } = readManifest(folder);
  // Not in the workspace's manifest: npm could not resolve them before they are published.
  const optionalDependencies = Object.fromEntries(
    PLATFORMS.map((platform) => [readManifest(join(NPM, platform)).name, manifest.version]),
  );
  writeManifest(folder, { ...manifest, optionalDependencies });
  return folder;
}

/**
 * @param {string} destination
 * @param {string} platform
 */
function stagePlatform(destination, platform) {
  if (!existsSync(addonFile(platform))) {
    throw new Error(
      `The addon for ${platform} has not been built: run "npm run addon" with its target`,
    );
  }
  const folder = stage(destination, platform, readManifest(join(NPM, platform)).files);
  cpSync(LICENCES.node, join(folder, 'LICENSES.txt'));
  return folder;
}

/**
 * Copies what is published of a package, with the README of the main one and the licence.
 *
 * @param {string} destination
 * @param {string} name
 * @param {string[]} files
 */
function stage(destination, name, files) {
  const folder = join(destination, `.${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const file of ['package.json', ...files]) {
    if (existsSync(join(NPM, name, file))) {
      cpSync(join(NPM, name, file), join(folder, file), { recursive: true });
    }
  }
  cpSync(join(NPM, MAIN, 'README.md'), join(folder, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return folder;
}

/**
 * @param {string} folder
 * @param {string} destination
 */
async function packFolder(folder, destination) {
  const output = await read('npm', ['pack', folder, '--pack-destination', destination, '--json']);
  if (output === undefined) {
    throw new Error(`npm pack failed for ${folder}`);
  }
  const [{ filename }] = Object.values(JSON.parse(output));
  return join(destination, filename);
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * @param {string} folder
 * @param {object} manifest
 */
function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await build();
    await step('Packing', async () => {
      const destination = join(ROOT, '.packages');
      rmSync(destination, { recursive: true, force: true });
      const platforms = process.argv.includes('--all') ? PLATFORMS : builtPlatforms();
      const tarballs = await pack({ destination, platforms });
      writeFileSync(join(destination, 'SHA256SUMS'), hashesOf(tarballs));
      console.log(tarballs.map((tarball) => `  ${tarball}`).join('\n'));
    });
  });
}
