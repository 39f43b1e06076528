// The package in a browser's bundle, where it has no business.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { browserPath, launchBrowser } from '../kit/browser';
import { runIn } from '../kit/fixtures';
import { temporaryFolder } from '../kit/temporary.cjs';

const MODULES = join(__dirname, '../../node_modules');
const ESBUILD = join(MODULES, '.bin/esbuild');
const PROGRAM = `
  import { encryptToken, getTenantStripeClient, SERVICE_CATALOG } from '@cgk-platform/integrations';
  const told = (promise) => promise.then(() => 'it works', ({ code, message }) => [code, message]);
  window.answers = Promise.all([
    SERVICE_CATALOG.length,
    told(getTenantStripeClient('acme')),
    told(encryptToken('sk_test_1', 'a-master-key-of-32-characters-or-more')),
  ]);
`;

const testInBrowser = browserPath ? test : test.skip;

testInBrowser('the catalog can be read, and every call says that it is refused', async () => {
  const folder = temporaryFolder('browser');
  const program = join(folder, 'program.js');
  writeFileSync(program, PROGRAM);
  const options = ['--bundle', '--format=iife', '--tsconfig-raw={}', '--outfile=bundle.js'];
  await runIn(folder, ESBUILD, [program, ...options], { NODE_PATH: MODULES });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: readFileSync(join(folder, 'bundle.js'), 'utf8') });
    const refusal = [
      'RUNTIME_UNSUPPORTED',
      expect.stringContaining('does not run in browsers: credentials stay on the server'),
    ];
    expect(await page.evaluate('answers')).toEqual([12, refusal, refusal]);
  } finally {
    await browser.close();
  }
});
