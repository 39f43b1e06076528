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
import { SERVICES, servicesWith } from '../kit/services';

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

const WITHOUT_SDK = servicesWith(({ withoutSdk }) => withoutSdk);
/** Services whose clients are nothing without their SDK. */
const NEED_SDK = servicesWith(({ sdk, withoutSdk }) => (withoutSdk ? undefined : sdk));

const PROGRAM = `
const vault = require('./dist/wasm.js');
const { Pool } = require(process.env.PG_PATH);
const { tenant, endpoints, inputs, expressions } = JSON.parse(process.env.CASE);
const told = (error) => ({ code: error.code, status: error.status, message: error.message });
(async () => {
  const pool = new Pool({ connectionString: process.env.POSTGRES_URL });
  vault.configureIntegrations({ driver: vault.pgDriver(pool), endpoints });
  await vault.createTenant(tenant);
  for (const [service, input] of Object.entries(inputs)) {
    await vault.saveTenantCredential(tenant, service, input);
  }
  const results = [];
  for (const expression of expressions) {
    const run = new Function('vault', 'tenant', 'return ' + expression);
    results.push(await (async () => run(vault, tenant))().catch(told));
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

/** A call on the client of a service, as an expression. */
function callOn(service: TenantService, call: string): string {
  const { name } = SERVICES[service].client;
  return `vault.requireTenant${name}Client(tenant).then((client) => client.${call})`;
}

test('each client says which package it needs and how to install it', async () => {
  const clients = NEED_SDK.map(([service]) => SERVICES[service].client.name);
  const calls = clients.map((name) => `vault.getTenant${name}Client(tenant)`);
  const results = await evaluate(calls, inputs());
  for (const [index, [, sdk]] of NEED_SDK.entries()) {
    expect(results[index]).toMatchObject({
      code: 'SDK_MISSING',
      message: expect.stringMatching(/^The client of /),
    });
    expect(results[index]).toMatchObject({
      message: expect.stringContaining(
        `needs the package ${sdk.package}: run "npm install ${sdk.package}@`,
      ),
    });
  }
});

test('Wise has no SDK, and needs none', async () => {
  const call = "vault.getTenantWiseClient(tenant).then(() => 'a client')";
  expect(await evaluate([call], inputs(['wise']))).toEqual(['a client']);
});

test('what worked by HTTP alone still needs no SDK', async () => {
  const cases = WITHOUT_SDK.flatMap(([service, { calls }]) =>
    calls.map(([call, result]) => ({ call: callOn(service, call), result })),
  );
  const results = await evaluate(
    cases.map(({ call }) => call),
    inputs(),
  );
  expect(results).toMatchObject(cases.map(({ result }) => result));
});

test('a parcel is tracked without an SDK', async () => {
  const [summary] = await evaluate(
    ["vault.checkEasyPostTrackingStatus(tenant, 'EZ4000000004')"],
    inputs(['easypost']),
  );
  expect(summary).toMatchObject({ delivered: true, status: 'delivered' });
});

test('a member that only the SDK has says what to install', async () => {
  const calls = WITHOUT_SDK.map(([service, { sdkMember }]) => callOn(service, `${sdkMember}({})`));
  const results = await evaluate(calls, inputs());
  expect(results).toEqual(
    WITHOUT_SDK.map(([service]) => ({
      code: 'SDK_MISSING',
      message: expect.stringContaining(`run "npm install ${SERVICES[service].sdk?.package}@`),
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
  const failing = servicesWith(({ withoutSdk }) => withoutSdk?.failing);
  const services = failing.map(([service]) => service);
  const calls = failing.map(([service, call]) => callOn(service, call));
  const results = await evaluate(calls, inputs(services, behaviour));
  expect(results).toEqual(services.map(() => expect.objectContaining(told)));
  expect(JSON.stringify(results)).not.toContain(`-${behaviour}`);
  expect(vendors.elsewhere).toEqual([]);
});

test('a vendor that cannot be reached has a code', async () => {
  const reached = vendors.endpoints;
  vendors = { ...vendors, endpoints: { ...reached, openai: 'http://127.0.0.1:1' } };
  const call = callOn('openai', "createEmbedding('Hello')");
  const [failure] = await evaluate([call], inputs(['openai']));
  vendors = { ...vendors, endpoints: reached };
  expect(failure).toMatchObject({
    code: 'VENDOR_UNREACHABLE',
    message: 'OpenAI could not be reached',
  });
});
