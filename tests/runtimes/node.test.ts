// Plain Node with the packed packages, whole and in parts.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addonPackage, installFixture, runIn } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';
import { type ServedTenants, secretOf, serveTenants, stripeCalls } from '../kit/served-tenants';

let folder: string;
let served: ServedTenants;
let tenant: string;

beforeAll(async () => {
  [folder, served] = await Promise.all([installFixture('node'), serveTenants(1)]);
  tenant = served.tenants[0] as string;
}, 120_000);
afterAll(() => served.close());

/** A copy of the project that a test may damage. */
function copy(name: string): { project: string; vault: string; addon: string } {
  const project = `${folder}-${name}`;
  cpSync(folder, project, { recursive: true });
  const modules = join(project, 'node_modules');
  const vault = join(modules, '@cgk-platform/integrations');
  return { project, vault, addon: join(modules, addonPackage()) };
}

/** Runs a program and reads what it prints as JSON. */
async function evaluate(
  project: string,
  program: string,
  flags: string[] = [],
  env: NodeJS.ProcessEnv = served.env,
): Promise<unknown> {
  const args = [...flags, '--input-type=module', '-e', program];
  return JSON.parse(await runIn(project, process.execPath, args, env));
}

const BACKEND_INFO = `
  import { getBackendInfo } from '@cgk-platform/integrations';
  console.log(JSON.stringify(getBackendInfo()));
`;

test.each(['call-stripe.mjs', 'call-stripe.cjs'])('%s', async (program) => {
  served.vendors.requests.length = 0;
  const env = { ...served.env, TENANT: tenant };
  expect(JSON.parse(await runIn(folder, process.execPath, [program], env))).toEqual({
    backend: 'native',
    version: VERSION,
    reason: 'addon for linux-x64-gnu',
    customer: 'cus_1',
  });
  expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
});

test('`import` and `require` give the same instance, and each entry its backend', async () => {
  expect(
    await evaluate(
      folder,
      `
      import { createRequire } from 'node:module';
      const require = createRequire(process.cwd() + '/');
      const answers = {};
      for (const entry of ['', '/native', '/wasm', '/routes', '/next', '/trigger']) {
        const name = '@cgk-platform/integrations' + entry;
        const [imported, required] = [await import(name), require(name)];
        const same = Object.keys(required).every((key) => imported[key] === required[key]);
        answers[entry] = [same, required.getBackendInfo?.().backend];
      }
      console.log(JSON.stringify(answers));
      `,
    ),
  ).toEqual({
    '': [true, 'native'],
    '/native': [true, 'native'],
    '/wasm': [true, 'wasm'],
    '/routes': [true, null],
    '/next': [true, null],
    '/trigger': [true, null],
  });
});

test('what one entry point is told holds for all, and a save reaches the clients of all', async () => {
  const program = `
    import * as main from '@cgk-platform/integrations';
    import * as native from '@cgk-platform/integrations/native';
    const options = ${JSON.stringify({
      databaseUrl: served.env.POSTGRES_URL,
      encryptionKey: served.env.INTEGRATION_ENCRYPTION_KEY,
    })};
    main.configureIntegrations(options);
    const secretKey = await native.getTenantStripeSecretKey('${tenant}');
    const client = await main.requireTenantStripeClient('${tenant}');
    await native.saveTenantStripeConfig('${tenant}', { secretKey });
    const renewed = (await main.requireTenantStripeClient('${tenant}')) !== client;
    console.log(JSON.stringify({ secretKey, renewed }));
    await native.closeIntegrations();
  `;
  // Nothing comes from the environment.
  expect(await evaluate(folder, program, [], {})).toEqual({
    secretKey: secretOf(tenant),
    renewed: true,
  });
});

test('prints of the global object show no key', async () => {
  const program = `
    import { inspect } from 'node:util';
    import * as vault from '@cgk-platform/integrations';
    vault.configureIntegrations({ encryptionKey: 'a-key-that-nobody-may-see-0123456789' });
    const printed = inspect(globalThis, { showHidden: true, depth: 12 });
    console.log(JSON.stringify(printed.includes('a-key-that-nobody')));
  `;
  expect(await evaluate(folder, program)).toBe(false);
});

test('the program of the package runs', async () => {
  const args = ['migrate', '--tenant', tenant];
  const bin = join(folder, 'node_modules/.bin/cgk-integrations');
  expect(await runIn(folder, bin, args, served.env)).toContain(`${tenant}: up to date`);
});

test('the testing helpers say what they need', async () => {
  const program = `
    import { startTestVault } from '@cgk-platform/integrations/testing';
    const { code, message } = await startTestVault().catch((error) => error);
    console.log(JSON.stringify({ code, message }));
  `;
  expect(await evaluate(folder, program)).toEqual({
    code: 'PGLITE_MISSING',
    message: expect.stringContaining('run "npm install -D @electric-sql/pglite"'),
  });
});

describe('without a usable addon', () => {
  test('WebAssembly answers where none is installed, and says why', async () => {
    const { project, addon } = copy('without-addon');
    rmSync(addon, { recursive: true });
    expect(await evaluate(project, BACKEND_INFO)).toEqual({
      backend: 'wasm',
      version: VERSION,
      reason: expect.stringContaining(
        `The native addon of @cgk-platform/integrations cannot be used: the optional package ${addonPackage()} is not installed`,
      ),
    });
  });

  test('WebAssembly answers where it does not load, and says why', async () => {
    const { project, addon } = copy('broken-addon');
    writeFileSync(join(addon, 'integrations.linux-x64-gnu.node'), 'not a library');
    expect(await evaluate(project, BACKEND_INFO)).toMatchObject({
      backend: 'wasm',
      reason: expect.stringMatching(/cannot be used: it failed to load \(.*file too short\)$/),
    });
  });

  test('…/native says so', async () => {
    const { project, addon } = copy('native-only');
    rmSync(addon, { recursive: true });
    const program = BACKEND_INFO.replace("integrations'", "integrations/native'");
    await expect(evaluate(project, program)).rejects.toThrow(/code: 'ADDON_UNAVAILABLE'/);
  });

  test('without the WebAssembly file too, the error says what to deploy', async () => {
    const { project, addon, vault } = copy('without-wasm');
    rmSync(addon, { recursive: true });
    rmSync(join(vault, 'dist/vault.wasm'));
    const rejection = expect(evaluate(project, BACKEND_INFO)).rejects;
    await rejection.toThrow(/vault\.wasm is not beside the code.*serverExternalPackages/);
  });

  test('a database URL alone is not enough for WebAssembly, and the error says what is', async () => {
    const { project, addon } = copy('without-driver');
    rmSync(addon, { recursive: true });
    const program = `
      import { getTenantStripeConfig } from '@cgk-platform/integrations';
      const { code, message } = await getTenantStripeConfig('${tenant}').catch((error) => error);
      console.log(JSON.stringify({ code, message }));
    `;
    expect(await evaluate(project, program)).toEqual({
      code: 'DATABASE_NOT_CONFIGURED',
      message: expect.stringMatching(
        /configureIntegrations\(\{ driver \}\).*the optional package .* is not installed/,
      ),
    });
  });

  test('with --no-addons, too, and it says that this is why', async () => {
    const program = `
      import { getTenantStripeConfig } from '@cgk-platform/integrations';
      const { code, message } = await getTenantStripeConfig('${tenant}').catch((error) => error);
      console.log(JSON.stringify({ code, message }));
    `;
    expect(await evaluate(folder, program, ['--no-addons'])).toEqual({
      code: 'DATABASE_NOT_CONFIGURED',
      message: expect.stringMatching(
        /configureIntegrations\(\{ driver \}\).*cannot be used: it failed to load \(.*addons? is disabled/,
      ),
    });
  });
});

test('two versions in one process keep apart', async () => {
  const { project, vault } = copy('two-versions');
  const other = join(project, 'node_modules/other-vault');
  cpSync(vault, other, { recursive: true });
  const file = join(other, 'dist/index.js');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`"${VERSION}"`, '"another"'));
  const program = `
    import * as one from '@cgk-platform/integrations';
    import * as other from 'other-vault';
    const key = 'a-master-key-of-32-characters-or-more';
    other.configureIntegrations({ encryptionKey: 'another-key-of-32-characters-or-more' });
    const token = await one.encryptToken('sk_test_1', key);
    const error = await other.getTenantStripeSecretKey('${tenant}').catch((error) => error);
    console.log(JSON.stringify([
      one.getBackendInfo().version,
      other.getBackendInfo().version,
      await other.decryptToken(token, key),
      await one.getTenantStripeSecretKey('${tenant}'),
      error.code,
    ]));
    await Promise.all([one.closeIntegrations(), other.closeIntegrations()]);
  `;
  expect(await evaluate(project, program)).toEqual([
    VERSION,
    'another',
    'sk_test_1',
    secretOf(tenant),
    'DECRYPTION_FAILED',
  ]);
});
