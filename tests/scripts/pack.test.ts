import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type * as Platforms from '../../scripts/lib/platforms.mjs';
import type * as Pack from '../../scripts/pack.mjs';
import { addonPackage, runIn, tarballOf } from '../support/fixtures';
import { VERSION } from '../support/package-version';
import { temporaryFolder } from '../support/temporary.cjs';

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

test('an addon’s package has the addon, the README and the licence', async () => {
  const files = await runIn(__dirname, 'tar', ['-tzf', tarballOf(addonPackage())]);
  expect(files.trim().split('\n').sort()).toEqual([
    'package/LICENSE',
    'package/README.md',
    expect.stringMatching(/^package\/integrations\.[\w-]+\.node$/),
    'package/package.json',
  ]);
});

test('an addon that has not been built is not packed', async () => {
  const { pack }: typeof Pack = await import('../../scripts/pack.mjs');
  const packed = pack({ destination: temporaryFolder('packed'), platforms: ['win32-x64-msvc'] });
  await expect(packed).rejects.toThrow('The addon for win32-x64-msvc has not been built');
});
