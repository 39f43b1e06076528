// Chromium, for the tests that need a real browser.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Where Chromium is; without it tests are skipped, but for CI. */
export const browserPath = BROWSERS.find((path) => existsSync(path));
if (!browserPath) {
  if (process.env.CI) {
    throw new Error('Chromium is missing: install the package chromium');
  }
  console.warn('Chromium is not installed: the browser tests are skipped (in CI they fail)');
}

/** @param flags besides the usual ones */
export function launchBrowser(flags: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath ?? '', args: [...FLAGS, ...flags] });
}
