// A Next.js app that has installed the packed package, built by either of its bundlers.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installFixture } from '../kit/fixtures';
import { MISSING, type NextApp, startNextApp } from '../kit/next-app';
import { VERSION } from '../kit/package-version';
import {
  expectNoMixing,
  type ServedTenants,
  secretOf,
  serveTenants,
  stripeCalls,
} from '../kit/served-tenants';

let folder: string;
let served: ServedTenants;

beforeAll(async () => {
  [folder, served] = await Promise.all([installFixture('next'), serveTenants(8)]);
}, 300_000);
afterAll(() => served.close());

describe.each(['--turbopack', '--webpack'])('built with %s', (bundler) => {
  let app: NextApp;

  beforeAll(async () => {
    app = await startNextApp(folder, bundler, served.env);
    expect(app.output).not.toMatch(MISSING);
  }, 300_000);
  afterAll(() => app?.stop());
  beforeEach(() => {
    served.vendors.requests.length = 0;
  });

  test.each([
    ['node', { backend: 'native', runtime: 'node', reason: 'addon for linux-x64-gnu' }],
    ['edge', { backend: 'wasm', runtime: 'edge-runtime', reason: 'edge runtime' }],
    ['middleware', { backend: 'wasm', runtime: 'edge-runtime', reason: 'edge runtime' }],
  ])('%s calls Stripe with the tenant’s key', async (path, info) => {
    const [tenant = ''] = served.tenants;
    expect(await app.get(path, tenant)).toMatchObject({
      ...info,
      version: VERSION,
      customer: 'cus_1',
    });
    expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
    expect(await app.get(path, 'nobody')).toMatchObject({ code: 'TENANT_NOT_FOUND' });
    expect(await app.get(path, `${tenant}&resend`)).toMatchObject({
      code: 'SDK_MISSING',
      error: expect.stringContaining('run "npm install resend@6"'),
    });
  });

  test.each(['node', 'edge', 'middleware'])('%s: tenants served at once do not mix', (path) =>
    expectNoMixing(served, (tenant) => app.get(path, tenant)),
  );
});
