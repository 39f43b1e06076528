// How long a fresh Node process takes until it has decrypted its first token.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/** What each side loads, by a path or a name, and how it decrypts. */
const SIDES = {
  legacy: ["require('./tests/kit/legacy-cipher.cjs')", 'legacyDecrypt'],
  native: ["require('@cgk-platform/integrations/native')", 'decryptToken'],
  wasm: ["require('@cgk-platform/integrations/wasm')", 'decryptToken'],
};

/** @typedef {{ load: number, ready: number, decrypt: number }} ColdStart in milliseconds */

/**
 * @param {keyof typeof SIDES} side
 * @param {string} token
 * @param {string} key
 * @returns {ColdStart} loading the code, its core made ready (a call that does nothing), one decrypt
 */
export function coldStart(side, token, key) {
  const [load, decrypt] = SIDES[side];
  const program = `
    const start = performance.now();
    const vault = ${load};
    const loaded = performance.now();
    vault.getBackendInfo?.();
    const ready = performance.now();
    Promise.resolve(vault.${decrypt}(process.env.TOKEN, process.env.KEY)).then(() => {
      const end = performance.now();
      console.log(JSON.stringify({ load: loaded - start, ready: ready - loaded, decrypt: end - ready }));
    });
  `;
  const env = { ...process.env, TOKEN: token, KEY: key, NODE_PATH: join(ROOT, 'node_modules') };
  return JSON.parse(
    execFileSync(process.execPath, ['-e', program], { cwd: ROOT, env, encoding: 'utf8' }),
  );
}
