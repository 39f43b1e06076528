// The keys of the demo, in .env.local.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const FILE = join(ROOT, '.env.local');

/**
 * The keys of .env.local; missing ones are generated and added, existing ones are never changed.
 *
 * @returns {Record<string, string>}
 */
export function localKeys() {
  const existing = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const keys = parse(existing);
  const script = join(ROOT, 'scripts/generate-encryption-keys.sh');
  const generated = {
    ...parse(execFileSync(script, { encoding: 'utf8' })),
    ADMIN_SESSION_SECRET: randomBytes(32).toString('hex'),
  };
  const missing = Object.entries(generated).filter(([name]) => !keys[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, value]) => `${name}=${value}\n`).join('');
    const separator = existing === '' || existing.endsWith('\n') ? '' : '\n';
    writeFileSync(FILE, existing + separator + lines, { mode: 0o600 });
    console.log(`  wrote ${missing.map(([name]) => name).join(', ')} to .env.local`);
  }
  return { ...generated, ...keys };
}

/**
 * @param {string} text
 * @returns {Record<string, string>}
 */
function parse(text) {
  const lines = text.matchAll(/^(?:export )?([A-Z_]+)=(.+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
