// A Cloudflare Worker, built and run by wrangler in workerd.

import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { installFixture, type Server, serveIn } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';
import {
  expectNoMixing,
  type ServedTenants,
  secretOf,
  serveTenants,
  stripeCalls,
} from '../kit/served-tenants';

let served: ServedTenants;
let server: Server | undefined;

beforeAll(async () => {
  const [folder, tenants] = await Promise.all([installFixture('worker'), serveTenants(9)]);
  served = tenants;
  const variables = Object.entries(served.env).flatMap(([name, value]) => [
    '--var',
    `${name}:${value}`,
  ]);
  server = await serveIn(
    folder,
    join(folder, 'node_modules/wrangler/bin/wrangler.js'),
    (port) => ['dev', '--ip', '127.0.0.1', '--port', `${port}`, ...variables],
    { WRANGLER_SEND_METRICS: 'false' },
  );
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await served.close();
});
afterEach(() => {
  served.vendors.requests.length = 0;
  served.neon.beforeAnswer = undefined;
});

async function get(tenant: string, signal?: AbortSignal) {
  const response = await fetch(`${server?.url}/?tenant=${tenant}`, { signal: signal ?? null });
  return response.json();
}

test('calls Stripe with the tenant’s key, with one query', async () => {
  const [tenant = ''] = served.tenants;
  const before = served.neon.requests();
  expect(await get(tenant)).toEqual({
    backend: 'wasm',
    version: VERSION,
    reason: 'Worker',
    customer: 'cus_1',
  });
  expect(served.neon.requests() - before).toBe(1);
  expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
  expect(await get('nobody')).toMatchObject({ code: 'TENANT_NOT_FOUND' });
});

test('tenants served at once by one isolate do not mix', () => expectNoMixing(served, get));

test('a request that is cut off while its client is being made holds nobody up', async () => {
  // Nobody has asked for this tenant: the isolate keeps no client of it.
  const tenant = served.tenants[8] ?? '';
  const asking = new Promise<void>((resolve) => {
    served.neon.beforeAnswer = () => {
      served.neon.beforeAnswer = undefined;
      resolve();
      return new Promise(() => {});
    };
  });
  const cut = new AbortController();
  const first = get(tenant, cut.signal).catch((error: Error) => error.name);
  await asking;
  cut.abort();
  expect(await first).toBe('AbortError');
  expect(await get(tenant)).toMatchObject({ customer: 'cus_1' });
});
