// The package in a project that has installed none of the vendors' SDKs.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseUrl, newSlug } from '../kit/database';
import { type Behaviour, type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';

let project: string;
let vendors: FakeVendors;

beforeAll(async () => {
  vendors = await startFakeVendors();
  project = mkdtempSync(join(tmpdir(), 'without-sdks-'));
  const dist = dirname(require.resolve('@cgk-platform/integrations/wasm'));
  cpSync(dist, join(project, 'dist'), { recursive: true });
});
afterAll(async () => {
  rmSync(project, { recursive: true });
  await vendors.close();
});

/** Clients that are nothing without their SDK. */
const PACKAGES = {
  Stripe: 'stripe',
  Resend: 'resend',
  Mux: '@mux/mux-node',
  ElevenLabs: '@elevenlabs/elevenlabs-js',
  CloudflareR2: '@aws-sdk/client-s3',
  Twilio: 'twilio',
};

/** Calls that need no SDK, and what they are answered. */
const CALLS: [service: TenantService, call: string, answer: unknown][] = [
  [
    'anthropic',
    "createMessage({ model: 'a-model', max_tokens: 1, messages: [] })",
    expect.objectContaining({ id: 'msg_1', content: [{ type: 'text', text: 'Hello' }] }),
  ],
  [
    'openai',
    "createChatCompletion({ model: 'a-model', messages: [] })",
    expect.objectContaining({ id: 'chat_1' }),
  ],
  ['openai', "createEmbedding('Hello')", expect.objectContaining({ object: 'list' })],
  [
    'assemblyai',
    "transcribe('https://example.com/a.mp3', { punctuate: true })",
    { id: 'transcript_1', status: 'queued' },
  ],
  ['assemblyai', "getTranscript('transcript_1')", expect.objectContaining({ text: 'Hello' })],
  ['easypost', "createTracker('EZ4000000004')", expect.objectContaining({ id: 'trk_1' })],
  ['easypost', "getTracker('trk_1')", expect.objectContaining({ status: 'delivered' })],
  ['easypost', "trackShipment('EZ4000000004', 'UPS')", expect.objectContaining({ id: 'trk_1' })],
  [
    'google_maps',
    "places.searchText({ textQuery: 'pizza' }, ['places.id'])",
    { places: [{ id: 'place_1' }] },
  ],
  [
    'google_maps',
    "routes.computeRoutes({ origin: {}, destination: {} }, '*')",
    { routes: [expect.objectContaining({ duration: '165s' })] },
  ],
];

/** Members of the SDKs in the place of which our clients are. */
const MEMBERS: [service: TenantService, member: string, packageName: string][] = [
  ['anthropic', 'messages.create', '@anthropic-ai/sdk'],
  ['openai', 'responses.create', 'openai'],
  ['assemblyai', 'transcripts.list', 'assemblyai'],
  ['easypost', 'Shipment.create', '@easypost/api'],
  ['google_maps', 'geocode', '@googlemaps/google-maps-services-js'],
];

const PROGRAM = `
const vault = require('./dist/wasm.js');
const { Pool } = require(process.env.PG_PATH);
const { tenant, endpoints, inputs, expressions } = JSON.parse(process.env.CASE);
const told = (error) => ({ code: error.code, status: error.status, message: error.message });
const services = {
  anthropic: vault.requireTenantAnthropicClient,
  openai: vault.requireTenantOpenAIClient,
  assemblyai: vault.requireTenantAssemblyAIClient,
  easypost: vault.requireTenantEasyPostClient,
  google_maps: vault.requireTenantGoogleMapsClient,
};
(async () => {
  const pool = new Pool({ connectionString: process.env.POSTGRES_URL });
  vault.configureIntegrations({ driver: vault.pgDriver(pool), endpoints });
  await vault.createTenant(tenant);
  for (const [service, input] of Object.entries(inputs)) {
    await vault.saveTenantCredential(tenant, service, input);
  }
  const results = [];
  for (const expression of expressions) {
    const run = new Function('vault', 'tenant', 'services', 'return ' + expression);
    results.push(await (async () => run(vault, tenant, services))().catch(told));
  }
  console.log(JSON.stringify(results));
  await pool.end();
})();
`;

/** Evaluates expressions, one after the other, in a program of that project. */
async function evaluate(
  expressions: string[],
  inputs: Partial<Record<TenantService, object>>,
): Promise<unknown[]> {
  const program = spawn(process.execPath, ['-e', PROGRAM], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      PG_PATH: require.resolve('pg'),
      POSTGRES_URL: databaseUrl(),
      INTEGRATION_ENCRYPTION_KEY: 'missing-sdk-master-key-0123456789abcdef',
      CASE: JSON.stringify({
        tenant: newSlug(),
        endpoints: vendors.endpoints,
        inputs,
        expressions,
      }),
    },
  });
  const [output, errors] = await Promise.all([text(program.stdout), text(program.stderr)]);
  expect(errors).toBe('');
  return JSON.parse(output);
}

/** The inputs of all services, or of some with a key that the vendor treats in a certain way. */
function inputs(services = Object.keys(vendors.endpoints), behaviour: Behaviour = 'right') {
  const entries = services.map((service) => [service, inputFor(service as 'mux', behaviour)]);
  return Object.fromEntries(entries);
}

test('each client says which package it needs and how to install it', async () => {
  const names = [...Object.keys(PACKAGES), 'Wise'];
  const calls = names.map((name) => `vault.getTenant${name}Client(tenant).then(() => 'a client')`);
  const results = await evaluate(calls, inputs());
  for (const [index, packageName] of Object.values(PACKAGES).entries()) {
    expect(results[index]).toMatchObject({
      code: 'SDK_MISSING',
      message: expect.stringMatching(/^The client of /),
    });
    expect(results[index]).toMatchObject({
      message: expect.stringContaining(
        `needs the package ${packageName}: run "npm install ${packageName}@`,
      ),
    });
  }
  expect(results.at(-1)).toBe('a client');
});

test('what worked by HTTP alone still needs no SDK', async () => {
  const calls = CALLS.map(
    ([service, call]) => `services.${service}(tenant).then((client) => client.${call})`,
  );
  const results = await evaluate(calls, inputs());
  expect(results).toEqual(CALLS.map(([, , answer]) => answer));
});

test('a parcel is tracked without an SDK', async () => {
  const [summary] = await evaluate(
    ["vault.checkEasyPostTrackingStatus(tenant, 'EZ4000000004')"],
    inputs(['easypost']),
  );
  expect(summary).toMatchObject({ delivered: true, status: 'delivered' });
});

test('a member that only the SDK has says what to install', async () => {
  const calls = MEMBERS.map(
    ([service, member]) => `services.${service}(tenant).then((client) => client.${member}({}))`,
  );
  const results = await evaluate(calls, inputs());
  expect(results).toEqual(
    MEMBERS.map(([, , packageName]) => ({
      code: 'SDK_MISSING',
      message: expect.stringContaining(`run "npm install ${packageName}@`),
    })),
  );
});

test.each([
  ['wrong', { code: 'CREDENTIAL_INVALID', status: 401 }],
  ['restricted', { code: 'PERMISSION_MISSING' }],
  ['throttled', { code: 'VENDOR_RATE_LIMITED', status: 429 }],
  ['broken', { code: 'VENDOR_ERROR', status: 500 }],
  ['html', { code: 'VENDOR_ANSWER_UNEXPECTED', status: 200 }],
  ['malformed', { code: 'VENDOR_ANSWER_UNEXPECTED', status: 200 }],
  ['redirected', { code: 'VENDOR_ANSWER_UNEXPECTED', status: 302 }],
] as const)('a vendor’s answer has a code: %s', async (behaviour, told) => {
  const services: TenantService[] = ['anthropic', 'openai', 'assemblyai', 'easypost'];
  const methods = [
    'createMessage({})',
    'createEmbedding("")',
    'getTranscript("1")',
    'getTracker("1")',
  ];
  const calls = services.map(
    (service, index) => `services.${service}(tenant).then((client) => client.${methods[index]})`,
  );
  const results = await evaluate(calls, inputs(services, behaviour));
  expect(results).toEqual(services.map(() => expect.objectContaining(told)));
  expect(JSON.stringify(results)).not.toContain(`-${behaviour}`);
  expect(vendors.elsewhere).toEqual([]);
});

test('a vendor that cannot be reached has a code', async () => {
  const reached = vendors.endpoints;
  vendors = { ...vendors, endpoints: { ...reached, openai: 'http://127.0.0.1:1' } };
  const call = "services.openai(tenant).then((client) => client.createEmbedding('Hello'))";
  const [failure] = await evaluate([call], inputs(['openai']));
  vendors = { ...vendors, endpoints: reached };
  expect(failure).toMatchObject({
    code: 'VENDOR_UNREACHABLE',
    message: 'OpenAI could not be reached',
  });
});
