// A Next.js app that has installed the packed package, built by either of its bundlers.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installFixture, runScript, type Server, serveIn } from '../support/fixtures';
import { VERSION } from '../support/package-version';
import {
  expectNoMixing,
  type ServedTenants,
  secretOf,
  serveTenants,
  stripeCalls,
} from '../support/served-tenants';

const NEXT = 'next/dist/bin/next';
let folder: string;
let served: ServedTenants;

beforeAll(async () => {
  [folder, served] = await Promise.all([installFixture('next'), serveTenants(8)]);
}, 300_000);
afterAll(() => served.close());

describe.each(['--turbopack', '--webpack'])('built with %s', (bundler) => {
  let server: Server | undefined;

  beforeAll(async () => {
    rmSync(join(folder, '.next'), { recursive: true, force: true });
    const built = await runScript(folder, NEXT, ['build', bundler], served.env);
    // Missing are the SDKs that the app does not use, no more than a warning.
    expect(built).not.toMatch(
      /Can't resolve '(?!@aws|@google|@anthropic|@mux|assemblyai|openai|resend)/,
    );
    const args = (port: number) => ['start', '--hostname', '127.0.0.1', '--port', `${port}`];
    server = await serveIn(folder, NEXT, args, served.env);
  }, 300_000);
  afterAll(() => server?.stop());
  beforeEach(() => {
    served.vendors.requests.length = 0;
  });

  async function get(path: string, tenant: string) {
    const response = await fetch(`${server?.url}/api/${path}?tenant=${tenant}`);
    return response.json();
  }

  test.each([
    ['node', { backend: 'native', runtime: 'node', reason: 'addon for linux-x64-gnu' }],
    ['edge', { backend: 'wasm', runtime: 'edge-runtime', reason: 'edge runtime' }],
    ['middleware', { backend: 'wasm', runtime: 'edge-runtime', reason: 'edge runtime' }],
  ])('%s calls Stripe with the tenant’s key', async (path, info) => {
    const [tenant = ''] = served.tenants;
    expect(await get(path, tenant)).toMatchObject({ ...info, version: VERSION, customer: 'cus_1' });
    expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
    expect(await get(path, 'nobody')).toMatchObject({ code: 'TENANT_NOT_FOUND' });
    expect(await get(path, `${tenant}&resend`)).toMatchObject({
      code: 'SDK_MISSING',
      error: expect.stringContaining('run "npm install resend@6"'),
    });
  });

  test.each(['node', 'edge', 'middleware'])('%s: tenants served at once do not mix', (path) =>
    expectNoMixing(served, (tenant) => get(path, tenant)),
  );
});
