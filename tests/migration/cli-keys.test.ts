import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { type CliResult, runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';

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
  [['status', '--all', '--concurrency', '0']],
  [['status', '--all', 'more']],
  [['status', '--all', '--no-such-option']],
])('wrong usage is told, and does nothing: %j', async (args) => {
  expect(await keys(args)).toMatchObject({ status: 2, errors: expect.stringContaining('Usage:') });
});
