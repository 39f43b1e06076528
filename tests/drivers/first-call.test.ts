// What a process loads before its first decrypt: every millisecond of it is part of a cold start.

import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { expect, test } from '@jest/globals';
import { legacyEncrypt } from '../kit/legacy-cipher.cjs';

const KEY = 'k'.repeat(32);

/** The files of the package that a fresh process has loaded after a call, in their order. */
function loaded(entry: string, call: string): string[] {
  const program = `
    const vault = require('@cgk-platform/integrations/${entry}');
    Promise.resolve(${call}).catch(() => {}).then(() => {
      const files = Object.keys(require.cache).filter((file) => /integrations.dist/.test(file));
      console.log(JSON.stringify(files));
    });
  `;
  const env = { ...process.env, TOKEN: legacyEncrypt('sk_test_1', KEY), KEY };
  const output = execFileSync(process.execPath, ['-e', program], { cwd: __dirname, env });
  return JSON.parse(output.toString()).map((file: string) => basename(file));
}

test('a process that decrypts loads nothing of clients, webhooks and tasks', () => {
  const decrypt = 'vault.decryptToken(process.env.TOKEN, process.env.KEY)';
  expect(loaded('native', decrypt)).toEqual(['native.js', 'vault.js']);
  expect(loaded('wasm', decrypt)).toEqual(['wasm.js', 'vault.js', 'vault-glue.js']);
});

test.each([
  ["vault.clearTenantStripeClientCache('acme')", 'vault-clients.js'],
  ["vault.verifyTenantStripeWebhook('acme', '', '')", 'vault-webhooks.js'],
  ['vault.getCredentialHealth()', 'vault-tasks.js'],
])('%s loads its own part alone', (call, part) => {
  expect(loaded('native', call)).toEqual(['native.js', 'vault.js', part]);
});
