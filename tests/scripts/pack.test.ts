import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve, sep } from 'node:path';
import { expect, test } from '@jest/globals';
import type * as Platforms from '../../scripts/lib/platforms.mjs';
import type * as Pack from '../../scripts/pack.mjs';
import { addonPackage, runIn, tarballOf } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';
import { temporaryFolder } from '../kit/temporary.cjs';

function read(tarball: string, file: string): Promise<string> {
  return runIn(__dirname, 'tar', ['-xzOf', tarball, `package/${file}`]);
}

test('the main package wants the addon of each platform, of its own version', async () => {
  const { PLATFORMS }: typeof Platforms = await import('../../scripts/lib/platforms.mjs');
  const manifest = JSON.parse(await read(tarballOf('@cgk-platform/integrations'), 'package.json'));
  expect(manifest.optionalDependencies).toEqual(
    Object.fromEntries(PLATFORMS.map((name) => [`@cgk-platform/integrations-${name}`, VERSION])),
  );
  expect(manifest).not.toHaveProperty('devDependencies');
});

test('each platform has a package of that version, for that platform alone', async () => {
  const { NPM, PLATFORMS }: typeof Platforms = await import('../../scripts/lib/platforms.mjs');
  for (const platform of PLATFORMS) {
    const manifest = JSON.parse(readFileSync(join(NPM, platform, 'package.json'), 'utf8'));
    const [os, cpu, libc] = platform.split('-');
    expect(manifest).toMatchObject({ version: VERSION, os: [os], cpu: [cpu], license: 'MIT' });
    expect(manifest.libc).toEqual(os === 'linux' ? [libc === 'gnu' ? 'glibc' : 'musl'] : undefined);
  }
});

test('the hashes are those of all tarballs, the main package last', async () => {
  const { hashesOf }: typeof Pack = await import('../../scripts/pack.mjs');
  const main = tarballOf('@cgk-platform/integrations');
  const addon = tarballOf(addonPackage());
  const folder = temporaryFolder('hashes');
  const sums = hashesOf([main, addon]);
  writeFileSync(join(folder, 'SHA256SUMS'), sums);
  const names = sums
    .trim()
    .split('\n')
    .map((line) => line.split('  ')[1]);
  expect(names).toEqual([basename(addon), basename(main)]);
  for (const tarball of [main, addon]) {
    copyFileSync(tarball, join(folder, basename(tarball)));
  }
  const check = () => runIn(folder, 'sha256sum', ['--check', '--strict', 'SHA256SUMS']);
  expect(await check()).toContain(`${basename(addon)}: OK`);
  writeFileSync(join(folder, basename(addon)), 'something else');
  await expect(check()).rejects.toThrow();
});

test.each([
  [addonPackage(), 'LICENSES.txt', ['rustls', 'tokio', 'ring', 'aes-gcm']],
  [
    '@cgk-platform/integrations',
    'dist/vault.LICENSES.txt',
    ['wasm-bindgen', 'aes-gcm', 'serde_json'],
  ],
])(
  '%s carries the licence texts of the crates that are linked in now',
  async (name, file, crates) => {
    const text = await read(tarballOf(name), file);
    const lock = readFileSync(join(__dirname, '../../Cargo.lock'), 'utf8');
    const locked = new Set(
      [...lock.matchAll(/name = "(.*)"\nversion = "(.*)"/g)].map(
        ([, name, version]) => `${name} ${version}`,
      ),
    );
    const named = [...text.matchAll(/^([\w-]+) (\d+\.\d+\.\d+\S*)$/gm)].map(([line]) => line);
    // Run "npm run licences" where crates have changed.
    expect(named.filter((crate) => !locked.has(crate))).toEqual([]);
    expect(named).toEqual(
      expect.arrayContaining(crates.map((crate) => expect.stringMatching(`^${crate} `))),
    );
    expect(text).toContain('Permission is hereby granted');
  },
);

test('what is published tells nothing of the computer that it was built on', async () => {
  const folder = temporaryFolder('unpacked');
  for (const name of ['@cgk-platform/integrations', addonPackage()]) {
    await runIn(folder, 'tar', ['-xzf', tarballOf(name)]);
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
  expect(files).toEqual(
    expect.arrayContaining(
      ['.node', 'vault.wasm', 'admin.js.map'].map((end) => expect.stringMatching(`${end}$`)),
    ),
  );
  const places = [resolve(__dirname, '../..'), `${homedir()}${sep}`, '.cargo/registry', '.rustup/'];
  const found = files.flatMap((path) => {
    const content = readFileSync(path);
    return places.filter((place) => content.includes(place)).map((place) => `${place} in ${path}`);
  });
  expect(found).toEqual([]);
});

test('an addon’s package has the addon, the README and the licences', async () => {
  const files = await runIn(__dirname, 'tar', ['-tzf', tarballOf(addonPackage())]);
  expect(files.trim().split('\n').sort()).toEqual([
    'package/LICENSE',
    'package/LICENSES.txt',
    'package/README.md',
    'package/index.js',
    expect.stringMatching(/^package\/integrations\.[\w-]+\.node$/),
    'package/package.json',
  ]);
});

test('an addon that has not been built is not packed', async () => {
  const { pack }: typeof Pack = await import('../../scripts/pack.mjs');
  const packed = pack({ destination: temporaryFolder('packed'), platforms: ['win32-x64-msvc'] });
  await expect(packed).rejects.toThrow('The addon for win32-x64-msvc has not been built');
});
