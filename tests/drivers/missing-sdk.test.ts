// The package in a project that has installed none of the vendors' SDKs.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseUrl, newSlug } from '../support/database';

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'without-sdks-'));
  const dist = dirname(require.resolve('@cgk-platform/integrations/wasm'));
  cpSync(dist, join(project, 'dist'), { recursive: true });
});
afterAll(() => rmSync(project, { recursive: true }));

const PACKAGES = {
  Stripe: 'stripe',
  Resend: 'resend',
  Mux: '@mux/mux-node',
  AssemblyAI: 'assemblyai',
  Anthropic: '@anthropic-ai/sdk',
  OpenAI: 'openai',
  ElevenLabs: '@elevenlabs/elevenlabs-js',
  CloudflareR2: '@aws-sdk/client-s3',
  GoogleMaps: '@googlemaps/google-maps-services-js',
  Twilio: 'twilio',
  EasyPost: '@easypost/api',
};

const PROGRAM = `
const vault = require('./dist/wasm.js');
const { Pool } = require(process.env.PG_PATH);
(async () => {
  const pool = new Pool({ connectionString: process.env.POSTGRES_URL });
  vault.configureIntegrations({ driver: vault.pgDriver(pool) });
  const { tenant, names } = JSON.parse(process.env.CASE);
  await vault.createTenant(tenant);
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
  await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise_1' });
  for (const serviceName of Object.keys(vault.SERVICE_DISPLAY_NAMES)) {
    const apiKey = { twilio: 'AC0123456789abcdef0123456789abcdef' }[serviceName] ?? 'sk-ant-1';
    await vault.saveTenantApiCredential(tenant, {
      serviceName,
      apiKey: serviceName === 'openai' ? 'sk-1' : apiKey,
      apiSecret: 'secret',
      metadata: { accountId: '0123456789abcdef0123456789abcdef' },
    });
  }
  const messages = {};
  for (const name of names) {
    messages[name] = await vault['getTenant' + name + 'Client'](tenant).then(
      () => 'a client',
      (error) => error.code + ': ' + error.message,
    );
  }
  console.log(JSON.stringify(messages));
  await pool.end();
})();
`;

test('each client says which package it needs and how to install it', () => {
  const names = [...Object.keys(PACKAGES), 'Wise'];
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM], {
    cwd: project,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      PG_PATH: require.resolve('pg'),
      POSTGRES_URL: databaseUrl(),
      INTEGRATION_ENCRYPTION_KEY: 'missing-sdk-master-key-0123456789abcdef',
      CASE: JSON.stringify({ tenant: newSlug(), names }),
    },
  });
  expect(stderr).toBe('');
  const messages = JSON.parse(stdout);
  for (const [name, packageName] of Object.entries(PACKAGES)) {
    expect(messages[name]).toMatch(/^SDK_MISSING: The client of /);
    expect(messages[name]).toContain(
      `needs the package ${packageName}: run "npm install ${packageName}"`,
    );
  }
  expect(messages.Wise).toBe('a client');
});
