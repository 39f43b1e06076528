// Vercel's edge runtime with a project that lacks things: no driver, no SDK but Stripe's.

import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runOnEdge } from '../kit/edge-runtime';
import type * as EdgeScript from '../kit/edge-script.mjs';
import { installFixture } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';
import { type ServedTenants, serveTenants } from '../kit/served-tenants';
import type { Vault } from '../kit/vault';

let served: ServedTenants;
let script: string;
let wasm: string;
let tenant: string;
let env: NodeJS.ProcessEnv;
let vault: Vault;

beforeAll(async () => {
  const [folder, tenants] = await Promise.all([installFixture('node'), serveTenants(1)]);
  served = tenants;
  tenant = tenants.tenants[0] as string;
  const { buildEdgeScript }: typeof EdgeScript = await import('../kit/edge-script.mjs');
  script = join(folder, 'edge.js');
  wasm = join(folder, 'node_modules/@cgk-platform/integrations/dist/vault.wasm');
  await buildEdgeScript("export * from '@cgk-platform/integrations';", folder, script);
}, 120_000);
afterAll(() => served.close());

beforeEach(() => {
  env = { INTEGRATION_ENCRYPTION_KEY: served.env.INTEGRATION_ENCRYPTION_KEY };
  vault = runOnEdge<Vault>(script, wasm, env);
});

function configureDriver(query: (sql: string) => Promise<unknown[]>) {
  vault.configureIntegrations({ driver: { query } });
}

async function failure(promise: Promise<unknown>): Promise<[string, string]> {
  const error = await promise.then(
    () => ({ code: 'none', message: 'it succeeded' }),
    (error) => error,
  );
  return [error.code, error.message];
}

/** Counts instances, whose exports a test may change. */
function watchInstances(change = (exports: WebAssembly.Exports) => exports) {
  const watched = { count: 0 };
  class WatchedInstance {
    readonly exports: WebAssembly.Exports;

    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      watched.count += 1;
      this.exports = change(new WebAssembly.Instance(module, imports).exports);
    }
  }
  vault = runOnEdge<Vault>(script, wasm, env, { WebAssembly: { Instance: WatchedInstance } });
  return watched;
}

test('the module is instantiated when it is needed, and once', () => {
  const instances = watchInstances();
  vault.configureIntegrations({});
  expect(vault.SERVICE_CATALOG[0]?.id).toBe('stripe');
  expect(instances.count).toBe(0);
  expect(vault.getBackendInfo()).toEqual({
    backend: 'wasm',
    version: VERSION,
    reason: 'edge runtime',
  });
  expect(vault.generateEncryptionKey()).toHaveLength(64);
  expect(instances.count).toBe(1);
});

describe('an instance that traps', () => {
  /** A module of one function, `trap`, whose body is `unreachable`. */
  const TRAP = new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00, 0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00],
    ...[0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b],
  ]);
  const FAILED = ['INTERNAL', expect.stringContaining('The WebAssembly instance failed')];

  /** The first instance traps in the functions of a name. */
  function trapIn(name: RegExp) {
    const { trap } = new WebAssembly.Instance(new WebAssembly.Module(TRAP)).exports;
    const instances = watchInstances((exports) =>
      Object.fromEntries(
        Object.entries(exports).map(([key, value]) => [
          key,
          instances.count === 1 && name.test(key) ? (trap as WebAssembly.ExportValue) : value,
        ]),
      ),
    );
    return instances;
  }

  test('in a call: the next one gets a new instance', () => {
    const instances = trapIn(/^isValidEncryptionKey/);
    expect(() => vault.isValidEncryptionKey('x')).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
    expect(vault.isValidEncryptionKey('x')).toBe(false);
    expect(instances.count).toBe(2);
  });

  test('in a callback: the call rejects, and the process lives', async () => {
    const instances = trapIn(/convert__closures/);
    configureDriver(async () => []);
    expect(await failure(vault.getTenantStripeConfig(tenant))).toEqual(FAILED);
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
    expect(instances.count).toBe(2);
  });
});

describe('a driver that throws', () => {
  function raise(): never {
    throw new Error('sk_test_secret');
  }

  /** Throws whatever is done to it. */
  const hostile = new Proxy({}, new Proxy({}, { get: () => raise }));

  /** Throws when it is asked for a property. */
  function throwing(name: string): object {
    return Object.defineProperty({}, name, { get: raise, enumerable: true });
  }

  test.each<[string, () => unknown, string]>([
    ['when its answer is waited for', () => hostile, 'DATABASE_UNAVAILABLE'],
    ['when its answer is looked into', () => throwing('rows'), 'DRIVER_INVALID'],
    ['when a row is', () => [hostile], 'DRIVER_INVALID'],
    ['when a row gives its column', () => [throwing('answer')], 'DRIVER_INVALID'],
    ['what throws when its code is read', () => Promise.reject(hostile), 'DATABASE_UNAVAILABLE'],
  ])('%s fails alone: the calls of other tenants go on', async (_name, answer, code) => {
    const instances = watchInstances();
    let answerOther: (rows: unknown[]) => void = () => {};
    const query = async (sql: string) =>
      sql.includes('wise')
        ? new Promise<unknown[]>((resolve) => {
            answerOther = resolve;
          })
        : (answer() as unknown[]);
    configureDriver(query);
    const other = vault.getTenantWiseConfig(tenant);
    const [failed, message] = await failure(vault.getTenantStripeConfig(tenant));
    expect(failed).toBe(code);
    expect(message).not.toContain('sk_test_secret');
    answerOther([]);
    expect(await other).toBeNull();
    expect(instances.count).toBe(1);
  });
});

test('no database at all', async () => {
  expect(await failure(vault.getTenantStripeClient(tenant))).toEqual([
    'DATABASE_NOT_CONFIGURED',
    expect.stringContaining('call configureIntegrations({ driver })'),
  ]);
});

test('a database that only a driver of the host’s can reach', async () => {
  env.POSTGRES_URL = 'postgresql://user:password@db.example.com/shop';
  const [code, message] = await failure(vault.getTenantStripeClient(tenant));
  expect(code).toBe('DATABASE_NOT_CONFIGURED');
  expect(message).not.toContain('password');
});

test('a database of Neon’s without Neon’s driver', async () => {
  env.POSTGRES_URL = served.env.NEON_URL;
  expect(await failure(vault.getTenantStripeClient(tenant))).toEqual([
    'DATABASE_NOT_CONFIGURED',
    expect.stringContaining('run "npm install @neondatabase/serverless"'),
  ]);
});

test('no key', async () => {
  delete env.INTEGRATION_ENCRYPTION_KEY;
  configureDriver(async () => [[JSON.stringify({ inputs: {}, account: {}, revision: '' })]]);
  const save = vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1' });
  expect((await failure(save))[0]).toBe('KEY_MISSING');
});

test.each([
  ['Resend', 'SDK_UNSUPPORTED', 'install the package resend'],
  ['Twilio', 'SDK_UNSUPPORTED', 'use its client in a function that runs on Node'],
])('an SDK that is not there: %s', async (name, code, text) => {
  const inputs = { api_key_encrypted: await token('re_1'), api_secret_encrypted: await token('x') };
  configureDriver(async () => [[JSON.stringify({ inputs, account: {}, revision: '1' })]]);
  const get = vault[`getTenant${name}Client` as 'getTenantResendClient'];
  expect(await failure(get(tenant))).toEqual([code, expect.stringContaining(text)]);
});

function token(secret: string): Promise<string> {
  return vault.encryptToken(secret, served.env.INTEGRATION_ENCRYPTION_KEY as string);
}

test('a driver that never answers', async () => {
  vault.configureIntegrations({
    driver: { query: () => new Promise(() => {}) },
    statementTimeoutMs: 20,
  });
  expect((await failure(vault.getTenantStripeConfig(tenant)))[0]).toBe('DATABASE_TIMEOUT');
});
