import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as vault from '@cgk-platform/integrations';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { databaseUrl, newSlug } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { SIGNERS } from '../kit/webhook-signers';

const PAGE = readFileSync(resolve(__dirname, '../../docs/webhooks.md'), 'utf8');
const SNIPPETS = [...PAGE.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => withoutTypes(code));
const KEY = vault.generateEncryptionKey();
const TENANT = newSlug();

test('the page names every function and every service', () => {
  const functions = Object.keys(vault).filter((name) => /^verifyTenant\w*Webhook$/.test(name));
  expect(functions).toHaveLength(Object.keys(SIGNERS).length + 1);
  expect(functions.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
});

describe('the snippets run', () => {
  beforeAll(async () => {
    vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey: KEY });
    await vault.createTenant(TENANT);
    for (const service of ['stripe', 'easypost', 'twilio'] as const) {
      const webhookSecret = SIGNERS[service].secret;
      const input = { ...inputFor(service), webhookSecret };
      await vault.saveTenantCredential(TENANT, service, input as never);
    }
    await vault.closeIntegrations();
  });

  test.each([
    ['verifyTenantStripeWebhook', 'stripe', [200, 200]],
    ['verifyTenantWebhook', 'stripe', [200, 200]],
    ['verifyTenantEasyPostWebhook', 'easypost', [200, 200]],
    ['verifyTenantTwilioWebhook', 'twilio', [200, 200]],
  ] as const)('%s', (name, service, statuses) => {
    const { body, secret, headers, url = 'https://shop.example.com/hooks' } = SIGNERS[service];
    const snippet = SNIPPETS.find((code) => code.includes(`await ${name}(`)) ?? '';
    const request = { url, body, headers: headers(body, secret, new Date()) };
    const forged = { ...request, body: `${body} ` };
    const answers = run(snippet, service, [request, request, forged]);
    expect(answers.slice(0, 2)).toEqual(statuses);
    expect(answers[2]).toBeGreaterThanOrEqual(400);
  });
});

/** An example as Node runs it. */
function withoutTypes(code: string): string {
  const { code: source } = transformSync(code, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  return source;
}

/** The statuses that a route answers requests with, in a process of its own. */
function run(snippet: string, service: string, requests: object[]): number[] {
  const driver = `
    const params = Promise.resolve({ service: '${service}', tenant: '${TENANT}' });
    const statuses = [];
    for (const { url, ...init } of ${JSON.stringify(requests)}) {
      statuses.push((await POST(new Request(url, { method: 'POST', ...init }), { params })).status);
    }
    console.log(JSON.stringify(statuses));
    process.exit();
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', snippet + driver],
    {
      cwd: resolve(__dirname, '..'),
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        POSTGRES_URL: databaseUrl(),
        INTEGRATION_ENCRYPTION_KEY: KEY,
      },
    },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
