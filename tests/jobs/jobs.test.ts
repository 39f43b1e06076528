import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import * as vault from '@cgk-platform/integrations';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { databaseUrl, newDatabase, newSlug } from '../kit/database';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { VERSION } from '../kit/package-version';

const PROJECT = join(__dirname, 'project');
const KEY = 'jobs-master-key-0123456789abcdef0123';
/** Events are sealed under a generated key only. */
const GENERATED_KEY = 'ab'.repeat(32);
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of the receiver').toString('base64')}`;

interface Manifest {
  externals: { name: string; version: string }[];
  files: { entry: string; out: string }[];
  deploy: { sync?: { env?: Record<string, string> } };
}

let output: string;
let manifest: Manifest;
let vercel: Server;
let vercelRequests: string[];
let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
  vercelRequests = [];
  vercel = createServer((request, response) => {
    vercelRequests.push(`${request.url} ${request.headers.authorization}`);
    const env = { key: 'INTEGRATION_ENCRYPTION_KEY', value: KEY, target: ['production'] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ envs: [env] }));
  });
  await new Promise<void>((resolve) => vercel.listen(0, '127.0.0.1', resolve));

  // Inside the project, so that the bundle finds the packages that it leaves out.
  mkdirSync(join(PROJECT, '.trigger'), { recursive: true });
  output = mkdtempSync(join(PROJECT, '.trigger/build-'));
  manifest = await run('build-project.mjs', [PROJECT, output], {
    VERCEL_API: `http://127.0.0.1:${(vercel.address() as AddressInfo).port}`,
    VERCEL_ACCESS_TOKEN: 'a-token',
    VERCEL_PROJECT_ID: 'a-project',
  });

  tenant = newSlug();
  vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey: KEY });
  await vault.createTenant(tenant);
  await vault.saveTenantResendConfig(tenant, {
    apiKey: 're_right',
    defaultFromEmail: 'shop@example.com',
    defaultFromName: 'Rawdog',
  });
}, 120_000);
afterAll(async () => {
  rmSync(output, { recursive: true });
  await vault.closeIntegrations();
  await vendors.close();
  await new Promise((resolve) => vercel.close(resolve));
});

describe('the bundle', () => {
  test('leaves the vault out, to be installed with Resend’s SDK', () => {
    const { dependencies } = JSON.parse(readFileSync(join(output, 'package.json'), 'utf8'));
    expect(dependencies).toMatchObject({ '@cgk-platform/integrations': VERSION, resend: '6.38.0' });
    expect(manifest.files.map(({ entry }) => entry)).toContain('src/send-order-confirmation.ts');
  });

  test('takes the environment from Vercel', () => {
    expect(vercelRequests).toEqual([
      '/v8/projects/a-project/env?decrypt=true&target=production Bearer a-token',
    ]);
    expect(manifest.deploy.sync?.env).toEqual({ INTEGRATION_ENCRYPTION_KEY: KEY });
  });
});

describe('the task of the bundle', () => {
  test('sends through the tenant’s own Resend', async () => {
    expect(await runTask(tenant)).toEqual({ result: { emailId: 'email_1' }, backend: 'native' });
    const [request] = vendors.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer re_right',
      'idempotency-key': `order-confirmation/${tenant}/1001`,
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      from: 'Rawdog <shop@example.com>',
      to: 'customer@example.com',
      subject: 'Your order 1001',
    });
  });

  test('says what is missing', async () => {
    const other = newSlug();
    await vault.createTenant(other);
    expect(await runTask(other)).toMatchObject({
      result: { error: `Resend is not configured for tenant: ${other}` },
    });
    await vault.saveTenantResendConfig(other, { apiKey: 're_right' });
    expect(await runTask(other)).toMatchObject({
      result: { error: `Resend has no from address for tenant: ${other}` },
    });
  });
});

describe('the scheduled tasks of the bundle', () => {
  test('verify what is due, and deliver what happened, signed', async () => {
    const url = await newDatabase(newSlug());
    const delivered: { headers: IncomingHttpHeaders; body: string }[] = [];
    const receiver = createServer(async (request, response) => {
      delivered.push({ headers: request.headers, body: await text(request) });
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const shop = vault.createIntegrations({
      databaseUrl: url,
      encryptionKey: GENERATED_KEY,
      events: true,
    });
    await shop.createTenant('acme');
    await shop.saveTenantCredential('acme', 'openai', inputFor('openai', 'wrong'));

    const runScheduled = (name: string) =>
      runFile('credential-schedules', name, {
        POSTGRES_URL: url,
        INTEGRATION_ENCRYPTION_KEY: GENERATED_KEY,
        INTEGRATION_EVENTS: 'true',
        INTEGRATION_WEBHOOK_SECRET: WEBHOOK_SECRET,
        CREDENTIAL_WEBHOOK_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      });
    expect(await runScheduled('verifyCredentials')).toMatchObject({
      result: { tenants: 1, due: 1, refused: 1, failures: [] },
      backend: 'native',
    });
    expect(await runScheduled('verifyCredentials')).toMatchObject({ result: { due: 0 } });
    expect(await runScheduled('deliverEvents')).toMatchObject({
      result: { tenants: 1, delivered: 1, failed: 0, dead: [] },
    });
    expect(await runScheduled('deliverEvents')).toMatchObject({ result: { delivered: 0 } });
    expect(delivered).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = delivered;
    const signed = { type: 'credential.saved', data: { tenantId: 'acme', service: 'openai' } };
    expect(new Webhook(WEBHOOK_SECRET).verify(body, headers as never)).toMatchObject(signed);
    await shop.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
});

function runTask(tenantId: string): Promise<unknown> {
  return runFile(
    'send-order',
    'sendOrderConfirmation',
    { POSTGRES_URL: databaseUrl(), INTEGRATION_ENCRYPTION_KEY: KEY },
    { tenantId, orderId: '1001', to: 'customer@example.com' },
  );
}

/** Runs what a file of the bundle exports. */
function runFile(
  entry: string,
  name: string,
  env: Record<string, string>,
  payload?: object,
): Promise<unknown> {
  const { out } = manifest.files.find((file) => file.entry.includes(entry)) ?? {};
  const file = pathToFileURL(out as string).href;
  return run('run-task.mjs', [], {
    ...env,
    RUN: JSON.stringify({ file, name, endpoints: vendors.endpoints, payload }),
  });
}

/** Runs a program and reads the last line that it prints. */
function run<T>(program: string, args: string[], env: Record<string, string>): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, program), ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    let [printed, errors] = ['', ''];
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('close', (code) => {
      const last = printed.trimEnd().split('\n').at(-1) ?? '';
      if (code === 0) {
        resolve(JSON.parse(last));
      } else {
        reject(new Error(`${program} ended with ${code}: ${errors}${printed}`));
      }
    });
  });
}
