// The keys of the demo, in .env.local.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from './run.mjs';

const FILE = join(ROOT, '.env.local');
/** For its owner only. */
const MODE = 0o600;

/**
 * The keys of .env.local; missing ones are generated and added, existing ones are never changed. The
 * file is closed to other users, also where they could read it before.
 *
 * @param {string} [file]
 * @returns {Record<string, string>}
 */
export function localKeys(file = FILE) {
  if (existsSync(file)) {
    // The mode that a file is written with is for new files.
    chmodSync(file, MODE);
  }
  const existing = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const keys = parseEnv(existing);
  const script = join(ROOT, 'scripts/generate-encryption-keys.sh');
  const generated = {
    ...parseEnv(execFileSync(script, { encoding: 'utf8' })),
    ADMIN_SESSION_SECRET: randomBytes(32).toString('hex'),
  };
  const missing = Object.entries(generated).filter(([name]) => !keys[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, value]) => `${name}=${value}\n`).join('');
    const separator = existing === '' || existing.endsWith('\n') ? '' : '\n';
    writeFileSync(file, existing + separator + lines, { mode: MODE });
    console.log(`  wrote ${missing.map(([name]) => name).join(', ')} to .env.local`);
  }
  return { ...generated, ...keys };
}
