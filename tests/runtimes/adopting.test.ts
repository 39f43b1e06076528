// The package beside the platform's own one of the same name: it is installed under another name, and the
// platform's package hands its functions on. Callers are as they were.

import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { RESOLUTIONS } from '../kit/declarations';
import { copyFixture, fixturePath, runIn, runPnpm } from '../kit/fixtures';
import { buildJob, runJob } from '../kit/job';
import { copyNextApp, MISSING, type NextApp, startNextApp } from '../kit/next-app';
import { VERSION } from '../kit/package-version';
import { type Registry, startRegistry } from '../kit/registry';
import { type ServedTenants, secretOf, serveTenants, stripeCalls } from '../kit/served-tenants';

let folder: string;
let shop: string;
let served: ServedTenants;
let tenant: string;
let env: Record<string, string>;
let registry: Registry;

beforeAll(async () => {
  [served, registry] = await Promise.all([serveTenants(1), startRegistry()]);
  [tenant = ''] = served.tenants;
  env = { ...served.env, TENANT: tenant };
  folder = copyFixture('platform');
  appendFileSync(join(folder, '.npmrc'), registry.setting);
  shop = join(folder, 'apps/shop');
  for (const program of [
    'node/call-stripe.mjs',
    'node/call-stripe.cjs',
    'jest/tests/node.test.js',
  ]) {
    cpSync(fixturePath(program), join(shop, program.replace(/.*\//, '')));
  }
  await runPnpm(folder, ['install', '--no-frozen-lockfile']);
  await runPnpm(folder, ['--filter', '@cgk-platform/integrations', 'build']);
}, 300_000);
afterAll(async () => {
  await registry.close();
  await served.close();
});
afterEach(() => {
  served.vendors.requests.length = 0;
});

test.each(['call-stripe.mjs', 'call-stripe.cjs'])('%s', async (program) => {
  expect(JSON.parse(await runIn(shop, process.execPath, [program], env))).toMatchObject({
    backend: 'native',
    version: VERSION,
    customer: 'cus_1',
  });
  expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
});

test('both names give one instance, which the routes answer from', async () => {
  const { POSTGRES_URL: VAULT_URL, INTEGRATION_ENCRYPTION_KEY: VAULT_KEY } = env;
  const output = await runIn(shop, process.execPath, ['routes.mjs'], {
    TENANT: tenant,
    VAULT_URL,
    VAULT_KEY,
  });
  expect(JSON.parse(output)).toEqual({ same: true, connected: true, advertising: 'expired' });
});

test('the app’s Jest tests run', async () => {
  const output = await runPnpm(folder, ['--filter', 'platform-shop', 'test'], env);
  expect(output).toContain('Tests:       4 passed, 4 total');
});

test.each(RESOLUTIONS)('callers type-check as %s', async (_name, file, options) => {
  cpSync(join(shop, 'program.ts'), join(shop, file));
  await runPnpm(folder, ['--filter', 'platform-shop', '--silent', 'types', ...options, file]);
});

test('a job runs, and Trigger.dev installs the package under its other name, with the SDK of the project', async () => {
  const { dependencies, files } = await buildJob(shop);
  expect(dependencies).toMatchObject({
    '@cgk-platform/tenant-credentials': `npm:@cgk-platform/integrations@${VERSION}`,
    stripe: '23.1.0',
  });
  expect(Object.keys(dependencies)).not.toContain('@cgk-platform/integrations');
  expect(await runJob(files, 'src/charge.ts', tenant, env)).toEqual({
    customer: 'cus_1',
    advertising: 'expired',
    backend: 'native',
  });
}, 120_000);

describe.each(['--turbopack', '--webpack'])('Next.js, built with %s', (bundler) => {
  let app: NextApp;

  beforeAll(async () => {
    const web = join(folder, 'apps/web');
    copyNextApp(web);
    app = await startNextApp(web, bundler, served.env);
    expect(app.output).not.toMatch(MISSING);
  }, 300_000);
  afterAll(() => app?.stop());

  test.each([
    ['node', 'native'],
    ['edge', 'wasm'],
    ['middleware', 'wasm'],
  ])('%s calls Stripe with the tenant’s key', async (path, backend) => {
    expect(await app.get(path, tenant)).toMatchObject({
      backend,
      version: VERSION,
      customer: 'cus_1',
    });
    expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
  });
});
