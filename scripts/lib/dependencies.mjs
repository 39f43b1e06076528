// The npm packages of the lock file, installed when it changes.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, step } from './run.mjs';

const STAMP = join(ROOT, 'node_modules/.installed-lock-file');

export async function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) {
    return;
  }
  await step('Installing npm packages', async () => {
    // Exactly what the lock file says, by its hashes; nothing that comes along is run by installing it.
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(STAMP, wanted);
  });
}
