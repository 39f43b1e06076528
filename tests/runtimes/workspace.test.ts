// A pnpm workspace in which the package is a workspace of its own, in the place of the platform's package: apps
// depend on the range that they had, or link it. Its folder is outside of `node_modules`, where bundlers take
// code in.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addonPackage,
  copyFixture,
  fixturePath,
  runIn,
  runPnpm,
  runScript,
  tarballOf,
} from '../kit/fixtures';
import { buildJob, runJob } from '../kit/job';
import { copyNextApp, deployNextApp, MISSING, type NextApp, startNextApp } from '../kit/next-app';
import { VERSION } from '../kit/package-version';
import { type ServedTenants, secretOf, serveTenants, stripeCalls } from '../kit/served-tenants';

let folder: string;
let shop: string;
let served: ServedTenants;
let tenant: string;
let env: Record<string, string>;

beforeAll(async () => {
  served = await serveTenants(1);
  [tenant = ''] = served.tenants;
  env = { ...served.env, TENANT: tenant };
  folder = copyFixture('workspace');
  for (const [name, directory] of [
    ['@cgk-platform/integrations', 'integrations'],
    [addonPackage(), 'integrations-addon'],
  ] as const) {
    const target = join(folder, 'packages', directory);
    mkdirSync(target, { recursive: true });
    await runIn(target, 'tar', ['-xzf', tarballOf(name), '--strip-components=1']);
  }
  addSdks({ '@neondatabase/serverless': '1.2.0', stripe: '23.1.0' });
  shop = join(folder, 'apps/shop');
  for (const file of ['node/call-stripe.mjs', 'node/call-stripe.cjs', 'types/program.ts']) {
    cpSync(fixturePath(file), join(shop, file.replace(/.*\//, '')));
  }
  cpSync(fixturePath('jest/tests/node.test.js'), join(shop, 'node.test.js'));
  await runPnpm(folder, ['install', '--no-frozen-lockfile']);
}, 300_000);
afterAll(() => served.close());
afterEach(() => {
  served.vendors.requests.length = 0;
});

/** A linked package finds SDKs where it is itself, so that it has to depend on them. */
function addSdks(devDependencies: Record<string, string>): void {
  const file = join(folder, 'packages/integrations/package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies }));
}

test.each(['call-stripe.mjs', 'call-stripe.cjs'])('%s', async (program) => {
  expect(JSON.parse(await runIn(shop, process.execPath, [program], env))).toMatchObject({
    backend: 'native',
    version: VERSION,
    customer: 'cus_1',
  });
});

test('the app’s Jest tests run', async () => {
  const output = await runPnpm(folder, ['--filter', 'shop', 'test'], env);
  expect(output).toContain('Tests:       3 passed, 3 total');
});

test('callers type-check', async () => {
  const options = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022'];
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--types', 'node', 'program.ts'];
  expect(await runScript(shop, 'typescript/bin/tsc', [...options, ...strict])).toBe('');
});

test('a job runs, and Trigger.dev installs the package with the SDK of the project', async () => {
  const { dependencies, files } = await buildJob(join(folder, 'apps/jobs'));
  expect(dependencies).toMatchObject({ '@cgk-platform/integrations': VERSION, stripe: '23.1.0' });
  expect(Object.keys(dependencies)).not.toContain('resend');
  expect(await runJob(files, 'src/charge.ts', tenant, env)).toEqual({
    customer: 'cus_1',
    backend: 'native',
  });
}, 120_000);

describe.each([
  ['next15', ''],
  ['next15', '--turbopack'],
  ['next16', '--webpack'],
  ['next16', '--turbopack'],
])('%s, built with %s and deployed', (name, bundler) => {
  let app: NextApp;

  beforeAll(async () => {
    const project = `apps/${name}`;
    copyNextApp(join(folder, project), { middleware: false });
    app = await deployNextApp(folder, project, bundler, served.env);
    expect(app.output).not.toMatch(MISSING);
  }, 300_000);
  afterAll(() => app?.stop());

  test.each([
    ['node', 'native'],
    ['edge', 'wasm'],
  ])('%s calls Stripe with the tenant’s key', async (path, backend) => {
    const answer = await app.get(path, tenant);
    expect(answer).toMatchObject({ backend, version: VERSION, customer: 'cus_1' });
    expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
  });
});

describe.each(['--webpack', '--turbopack'])('without the setting, built with %s', (bundler) => {
  test('the error names it', async () => {
    const project = join(folder, 'apps/next16');
    rmSync(join(project, 'app/api/edge'), { recursive: true, force: true });
    writeFileSync(join(project, 'next.config.mjs'), 'export default {};\n');
    const app = await startNextApp(project, bundler, served.env);
    const answer = await app.get('node', tenant).finally(app.stop);
    expect(answer).toMatchObject({
      code: 'WASM_UNAVAILABLE',
      error: expect.stringContaining('withIntegrations of …/next or serverExternalPackages'),
    });
  }, 300_000);
});
