// Both ends of the ranges of the vendors' SDKs: installed beside the package by npm, which refuses what does
// not fit (ERESOLVE), and each called through the tenant's client.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vault from '@cgk-platform/integrations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installable } from '../../npm/integrations/src/clients/sdk-versions';
import { inputFor } from '../kit/fake-vendors';
import { installFixture, runIn } from '../kit/fixtures';
import { type ServedTenants, secretOf, serveTenants } from '../kit/served-tenants';

const OLDEST = {
  '@anthropic-ai/sdk': '0.14.0',
  '@aws-sdk/client-s3': '3.0.0',
  '@easypost/api': '4.0.0',
  '@elevenlabs/elevenlabs-js': '2.0.1',
  '@googlemaps/google-maps-services-js': '3.3.26',
  '@mux/mux-node': '8.0.0',
  '@neondatabase/serverless': '0.8.1',
  assemblyai: '4.0.0',
  openai: '4.0.0',
  resend: '1.0.0',
  stripe: '8.0.0',
  twilio: '3.84.1',
};

const NEWEST = {
  '@anthropic-ai/sdk': '1.14.0',
  '@aws-sdk/client-s3': '3.1175.0',
  '@easypost/api': '8.9.0',
  '@elevenlabs/elevenlabs-js': '2.73.0',
  '@googlemaps/google-maps-services-js': '3.4.2',
  '@mux/mux-node': '15.3.0',
  '@neondatabase/serverless': '1.2.0',
  assemblyai: '4.41.5',
  openai: '7.59.0',
  resend: '6.38.0',
  stripe: '23.1.0',
  twilio: '6.3.1',
};

/** Node 22 of the registry: OpenAI's SDK 7 asks for it. */
const NODE_22 = `node-${process.platform}-${process.arch}`;

const ANSWERS = {
  anthropic: 'msg_1',
  assemblyai: 'transcript_1',
  cloudflare_r2: 200,
  easypost: 'trk_1',
  elevenlabs: 'eleven_v3',
  google_maps: '1600 Amphitheatre Parkway',
  mux: 'asset_1',
  openai: 'chat_1',
  resend: 'email_1',
  stripe: 'cus_1',
  twilio: 'SM1',
};

let served: ServedTenants;
let env: Record<string, string>;

beforeAll(async () => {
  served = await serveTenants(1);
  const [tenant = ''] = served.tenants;
  for (const { id } of vault.SERVICE_CATALOG) {
    await vault.saveTenantCredential(tenant, id, inputFor(id));
  }
  await vault.saveTenantStripeConfig(tenant, { secretKey: secretOf(tenant) });
  env = {
    ...served.env,
    TENANT: tenant,
    ENDPOINTS: JSON.stringify(served.vendors.endpoints),
  };
});
afterAll(() => served.close());

async function callEach(folder: string, node: string) {
  // SDKs warn of old versions of Node on standard error.
  const output = await runIn(folder, node, ['--no-warnings', 'call-each.mjs'], env);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

test('these are the ends of the ranges', () => {
  const file = join(__dirname, '../../npm/integrations/package.json');
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  const ends = Object.keys(OLDEST).map((name) => {
    const range: string = peerDependencies[name];
    return [name, range.match(/[\d.]+/)?.[0], `below ${range.match(/<(\d+)$/)?.[1]}`];
  });
  const expected = Object.entries(OLDEST).map(([name, oldest]) => {
    const major = Number.parseInt(NEWEST[name as keyof typeof NEWEST], 10);
    return [name, oldest, `below ${major + 1}`];
  });
  expect(ends).toEqual(expected);
});

test('npm installs the oldest SDKs, and their clients work', async () => {
  const folder = await installFixture('sdks', OLDEST);
  expect(await callEach(folder, process.execPath)).toEqual({
    ...ANSWERS,
    neon: secretOf(env.TENANT ?? ''),
  });
}, 300_000);

test('npm installs the newest SDKs, and their clients work on Node 22', async () => {
  const folder = await installFixture('sdks', { ...NEWEST, [NODE_22]: '22.23.3' });
  const node = join(folder, 'node_modules', NODE_22, 'bin/node');
  expect(await callEach(folder, node)).toEqual({ ...ANSWERS, neon: secretOf(env.TENANT ?? '') });
}, 300_000);

test('what SDK_MISSING tells to install runs on the Node at hand', async () => {
  const names = Object.keys(NEWEST).filter((name) => name !== '@neondatabase/serverless');
  const told = names.map((name) => installable(name).slice(name.length + 1));
  const folder = await installFixture('sdks', {
    ...Object.fromEntries(names.map((name, n) => [name, told[n] ?? ''])),
    '@neondatabase/serverless': '1.2.0',
  });
  const nodeMajor = Number.parseInt(process.versions.node, 10);
  for (const name of names) {
    const file = join(folder, 'node_modules', name, 'package.json');
    const { engines } = JSON.parse(readFileSync(file, 'utf8'));
    const oldest = Number.parseInt(engines?.node?.match(/\d+/)?.[0] ?? '0', 10);
    expect([name, oldest <= nodeMajor]).toEqual([name, true]);
  }
  expect(await callEach(folder, process.execPath)).toEqual({
    ...ANSWERS,
    neon: secretOf(env.TENANT ?? ''),
  });
}, 300_000);
