// The platforms that there is an addon for: a folder each in `npm`.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

export const NPM = join(ROOT, 'npm');

export const PLATFORMS = readdirSync(NPM).filter((name) => /^(darwin|linux|win32)-/.test(name));

/** @param {string} platform */
export function addonFile(platform) {
  return join(NPM, platform, `integrations.${platform}.node`);
}

/** Those whose addon is there. */
export function builtPlatforms() {
  return PLATFORMS.filter((platform) => existsSync(addonFile(platform)));
}
