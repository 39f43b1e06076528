import {
  createIntegrations,
  type EncryptionKeySessions,
  type Integrations,
  type IntegrationsOptions,
} from '@cgk-platform/integrations/native';
import {
  createIntegrations as createWasmIntegrations,
  pgDriver,
} from '@cgk-platform/integrations/wasm';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type CliResult, runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';
import { describeWithPooler, startPooler } from '../kit/pooler';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];

let url: string;
let vault: Integrations;

beforeEach(async () => {
  url = await newDatabase(`keys_${newSlug()}`);
  await vault?.close();
  vault = createIntegrations({ databaseUrl: url, encryptionKey: A });
  for (const tenant of ['acme', 'rawdog']) {
    await vault.createTenant(tenant);
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_test_1',
      webhookSecret: 'whsec_1',
    });
  }
  // Its connections would be those of a process that knows the former key only.
  await vault.close();
});
afterAll(() => vault.close());

function keys(args: string[], variables: Record<string, string> = {}): Promise<CliResult> {
  return runCli(['keys', ...args], {
    POSTGRES_URL: url,
    INTEGRATION_ENCRYPTION_KEY: B,
    INTEGRATION_ENCRYPTION_KEY_PREVIOUS: A,
    ...variables,
  });
}

test('a rotation from the first look to the proof that the former key can go', async () => {
  const status = await keys(['status', '--all']);
  expect(status).toMatchObject({ status: 0, errors: '' });
  expect(status.output).toContain('4 values of 2 tenants');
  expect(status.output).toMatch(/tenant_stripe_config: 4 v1 under another key \([0-9a-f]{8}\)/);
  expect(await keys(['verify', '--all'])).toMatchObject({ status: 3, errors: '' });

  expect(await keys(['rotate', '--all', '--dry-run'])).toMatchObject({
    status: 3,
    output: expect.stringContaining('4 to rewrite'),
  });
  const rotated = await keys(['rotate', '--all', '--format', 'v2', '--json']);
  expect(rotated).toMatchObject({ status: 0, errors: '' });
  expect(JSON.parse(rotated.output)).toEqual({
    tenants: 2,
    values: 4,
    rewritten: 4,
    unchanged: 0,
    changedMeanwhile: 0,
    failures: [],
  });

  const alone = { INTEGRATION_ENCRYPTION_KEY_PREVIOUS: '' };
  expect(await keys(['verify', '--all'], alone)).toMatchObject({
    status: 0,
    output: expect.stringContaining('The current key opens every value.'),
  });
  const sampled = await keys(['verify', '--all', '--sample', '1', '--json'], alone);
  expect(JSON.parse(sampled.output)).toMatchObject({ tenants: 1, values: 2, failures: [] });
});

test('what cannot be read is named, without the token, and ends with 1', async () => {
  const damaged = 'damaged-token-that-nobody-should-see';
  const update = 'update tenant_acme.tenant_stripe_config set secret_key_encrypted = $1';
  expect((await sql(update, [damaged], url)).rowCount).toBe(1);
  for (const action of ['status', 'rotate', 'verify']) {
    const result = await keys([action, '--tenant', 'acme']);
    expect(result.status).toBe(1);
    expect(result.errors).toBe('acme stripe secretKey TOKEN_FORMAT\n');
    expect(result.output).not.toContain(damaged);
  }
  expect((await keys(['verify', '--tenant', 'nosuch'])).errors).toBe('nosuch TENANT_NOT_FOUND\n');
});

describe('processes that are connected', () => {
  const NAME = /^cgk-integrations\/\d+\.\d+\.\d+/;
  let others: { close(): Promise<void> }[];

  beforeEach(async () => {
    others = [];
    expect(await keys(['rotate', '--all'])).toMatchObject({ status: 0 });
  });
  afterEach(async () => {
    await Promise.all(others.map((other) => other.close()));
  });

  /** A process with these keys, which stays connected. */
  async function connect(encryptionKey: string, options: IntegrationsOptions = {}): Promise<void> {
    const other = createIntegrations({ databaseUrl: url, encryptionKey, ...options });
    others.push(other);
    expect(await other.listTenants()).toEqual(['acme', 'rawdog']);
  }

  async function verify(...args: string[]): Promise<[number | null, EncryptionKeySessions[]]> {
    const result = await keys(['verify', '--all', '--json', ...args]);
    expect(result.errors).toBe('');
    return [result.status, JSON.parse(result.output).sessions];
  }

  test('one that knows the former key only keeps that key needed, and is named', async () => {
    await connect(A);
    const [status, sessions] = await verify();
    expect(status).toBe(3);
    expect(sessions).toEqual([
      { name: expect.stringMatching(NAME), connections: 1, keys: 'lacks' },
    ]);
    expect(sessions[0]?.name).toMatch(/ [0-9a-f]{8}$/);
    const shown = await keys(['verify', '--all']);
    expect(shown).toMatchObject({ status: 3, errors: '' });
    expect(shown.output).toContain('The current key opens every value.');
    expect(shown.output).toMatch(
      /1 sessions do not know the current key: .*\n {2}cgk-integrations/,
    );
    expect(shown.output + JSON.stringify(sessions)).not.toMatch(/a{9}|b{9}/);
  });

  test('one that reads with the current key and writes with the former one keeps that needed', async () => {
    await connect(A, { nextEncryptionKeys: [B] });
    expect(await verify()).toEqual([
      3,
      [{ name: expect.stringMatching(NAME), connections: 1, keys: 'reads' }],
    ]);
  });

  test('one that writes with the current key stands in the way of nothing', async () => {
    await connect(B);
    await connect(B, { previousEncryptionKeys: [A] });
    const [status, sessions] = await verify('--strict');
    expect(status).toBe(0);
    expect(sessions.map(({ connections, keys }) => [connections, keys])).toEqual([
      [1, 'current'],
      [1, 'current'],
    ]);
    // As a process sees it that writes with the former one.
    const seen = await vault.getEncryptionKeySessions();
    expect(seen.map(({ keys }) => keys)).toEqual(['lacks', 'reads']);
  });

  test('one whose name the URL sets is unknown, as is what is no process of this package', async () => {
    const named = new URL(url);
    named.searchParams.set('application_name', 'shop');
    await connect(A, { databaseUrl: named.href });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    others.push({ close: () => client.end() });
    const pool = new pg.Pool({ connectionString: url });
    const wasm = createWasmIntegrations({ driver: pgDriver(pool), encryptionKey: A });
    await wasm.listTenants();
    others.push({ close: () => pool.end() });
    const sessions = [
      { name: '', connections: 2, keys: 'unknown' },
      { name: 'shop', connections: 1, keys: 'unknown' },
    ];
    expect(await verify()).toEqual([0, sessions]);
    expect(await verify('--strict')).toEqual([3, sessions]);
    expect((await keys(['verify', '--all'])).output).toMatch(
      /3 sessions may know it or not: .*\n {2}\(no name\): 2\n {2}shop: 1\n/,
    );
    expect(await wasm.getEncryptionKeySessions()).toContainEqual(sessions[1]);
  });

  describeWithPooler('through PgBouncer (skipped if pgbouncer is not installed)', () => {
    test('is unknown, because its sessions belong to one client after the other', async () => {
      const pooler = await startPooler(url);
      others.push({ close: async () => pooler.stop() });
      for (const key of [A, B]) {
        await connect(key, { databaseUrl: pooler.url });
      }
      const [status, sessions] = await verify();
      expect(status).toBe(0);
      const pooled = sessions.filter(({ name }) => name !== '');
      expect(pooled.map(({ name }) => name.replace(NAME, ''))).toEqual(['']);
      expect(new Set(sessions.map(({ keys }) => keys))).toEqual(new Set(['unknown']));
      expect((await verify('--strict'))[0]).toBe(3);
    });
  });
});

test('a key that is none is named by its variable', async () => {
  const result = await keys(['rotate', '--all'], { INTEGRATION_ENCRYPTION_KEY_PREVIOUS: 'short' });
  expect(result.status).toBe(1);
  expect(result.errors).toMatch(/INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 1: .* \[KEY_INVALID\]/);
});

test.each([
  [['rotate']],
  [['rotate', '--all', '--tenant', 'acme']],
  [['forget', '--all']],
  [['rotate', '--all', '--format', 'v3']],
  [['rotate', '--all', '--sample', '3']],
  [['verify', '--all', '--dry-run']],
  [['rotate', '--all', '--strict']],
  [['status', '--all', '--concurrency', '0']],
  [['status', '--all', 'more']],
  [['status', '--all', '--no-such-option']],
])('wrong usage is told, and does nothing: %j', async (args) => {
  expect(await keys(args)).toMatchObject({ status: 2, errors: expect.stringContaining('Usage:') });
});
