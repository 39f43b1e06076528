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
import { SERVICES, servicesWith } from '../kit/services';

const SDKS = servicesWith(({ sdk }) => sdk);
const NEON = '@neondatabase/serverless';
const OLDEST: Record<string, string> = { ...packagesOf('oldest'), [NEON]: '0.8.1' };
const NEWEST: Record<string, string> = { ...packagesOf('newest'), [NEON]: '1.2.0' };

/** Node 22 of the registry: OpenAI's SDK 7 asks for it. */
const NODE_22 = `node-${process.platform}-${process.arch}`;

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
    CALLS: JSON.stringify(
      SDKS.map(([service, { call }]) => [service, SERVICES[service].client.name, call]),
    ),
  };
});
afterAll(() => served.close());

function packagesOf(end: 'oldest' | 'newest'): Record<string, string> {
  return Object.fromEntries(SDKS.map(([, sdk]) => [sdk.package, sdk[end]]));
}

/** Calls each SDK of a project, and reads over Neon's. */
async function expectAllToWork(folder: string, node: string): Promise<void> {
  // SDKs warn of old versions of Node on standard error.
  const output = await runIn(folder, node, ['--no-warnings', 'call-each.mjs'], env);
  const results = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  const expected = Object.fromEntries(SDKS.map(([service, { result }]) => [service, result]));
  expect(results).toMatchObject({ ...expected, neon: secretOf(env.TENANT ?? '') });
}

test('these are the ends of the ranges', () => {
  const file = join(__dirname, '../../npm/integrations/package.json');
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  const ends = Object.keys(OLDEST).map((name) => {
    const range: string = peerDependencies[name];
    return [name, range.match(/[\d.]+/)?.[0], `below ${range.match(/<(\d+)$/)?.[1]}`];
  });
  const expected = Object.entries(OLDEST).map(([name, oldest]) => {
    const major = Number.parseInt(NEWEST[name] ?? '', 10);
    return [name, oldest, `below ${major + 1}`];
  });
  expect(ends).toEqual(expected);
});

test('npm installs the oldest SDKs, and their clients work', async () => {
  const folder = await installFixture('sdks', OLDEST);
  await expectAllToWork(folder, process.execPath);
}, 300_000);

test('npm installs the newest SDKs, and their clients work on Node 22', async () => {
  const folder = await installFixture('sdks', { ...NEWEST, [NODE_22]: '22.23.3' });
  const node = join(folder, 'node_modules', NODE_22, 'bin/node');
  await expectAllToWork(folder, node);
}, 300_000);

test('what SDK_MISSING tells to install runs on the Node at hand', async () => {
  const names = SDKS.map(([, sdk]) => sdk.package);
  const told = names.map((name) => installable(name).slice(name.length + 1));
  const folder = await installFixture('sdks', {
    ...Object.fromEntries(names.map((name, n) => [name, told[n] ?? ''])),
    [NEON]: NEWEST[NEON] ?? '',
  });
  const nodeMajor = Number.parseInt(process.versions.node, 10);
  for (const name of names) {
    const file = join(folder, 'node_modules', name, 'package.json');
    const { engines } = JSON.parse(readFileSync(file, 'utf8'));
    const oldest = Number.parseInt(engines?.node?.match(/\d+/)?.[0] ?? '0', 10);
    expect([name, oldest <= nodeMajor]).toEqual([name, true]);
  }
  await expectAllToWork(folder, process.execPath);
}, 300_000);
