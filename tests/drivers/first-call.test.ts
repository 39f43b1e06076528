// What a process loads before its first decrypt: every millisecond of it is part of a cold start.

import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import * as vault from '@cgk-platform/integrations/native';
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

test('a process that decrypts loads nothing else of the package', () => {
  const decrypt = 'vault.decryptToken(process.env.TOKEN, process.env.KEY)';
  expect(loaded('native', decrypt)).toEqual(['native.js']);
  expect(loaded('wasm', decrypt)).toEqual(['wasm.js', 'vault-glue.js']);
});

test.each([
  ['vault.SERVICE_CATALOG', ['vault-catalog.js']],
  ["vault.getTenantStripeSecretKey('acme')", ['vault.js']],
  ["vault.clearTenantStripeClientCache('acme')", ['vault.js', 'vault-clients.js']],
  ["vault.verifyTenantStripeWebhook('acme', '', '')", ['vault.js', 'vault-webhooks.js']],
  ['vault.getCredentialHealth()', ['vault.js', 'vault-tasks.js']],
  ['vault.diagnoseTenants()', ['vault.js', 'vault-tasks.js']],
])('%s loads its own parts alone', (call, parts) => {
  expect(loaded('native', call)).toEqual(['native.js', ...parts]);
});

test('a function stays the same one when what it does is loaded', () => {
  const before = [vault.configureIntegrations, vault.getTenantStripeClient];
  vault.configureIntegrations({});
  vault.clearTenantStripeClientCache('acme');
  expect([vault.configureIntegrations, vault.getTenantStripeClient]).toEqual(before);
  expect(before.map(({ name }) => name)).toEqual([
    'configureIntegrations',
    'getTenantStripeClient',
  ]);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a process that loads the addon starts a few threads, however many cores there are', () => {
  const program = `
    const { readdirSync } = require('node:fs');
    const { getBackendInfo } = require('@cgk-platform/integrations/native');
    const threads = () => readdirSync('/proc/self/task').length;
    const before = threads();
    getBackendInfo();
    console.log(threads() - before);
  `;
  // As many as a machine of so many cores would have by default.
  const env = { ...process.env, TOKIO_WORKER_THREADS: '32' };
  const output = execFileSync(process.execPath, ['-e', program], { cwd: __dirname, env });
  const started = Number(output.toString());
  expect(started).toBeGreaterThan(0);
  expect(started).toBeLessThanOrEqual(4);
});
