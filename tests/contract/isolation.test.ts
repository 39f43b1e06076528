import { beforeAll, describe, expect, test } from '@jest/globals';
import { exclusively, newSlug, sql } from '../kit/database';
import {
  configureVault,
  newTenant,
  rejection,
  schemaOf,
  testOfOwnTables,
  vault,
} from '../kit/vault';

beforeAll(() => configureVault());

const INVALID = [
  'TENANT_INVALID',
  'Invalid tenant id: use 1 to 56 lower-case letters, digits and underscores',
];

describe('tenant ids', () => {
  test.each([
    ['SQL', `acme"; drop schema public cascade; --`],
    ['SQL in a string', `acme'; select pg_sleep(10); --`],
    ['a quoted schema', '"public"'],
    ['a dot', 'acme.tenant_stripe_config'],
    ['upper case', 'ACME'],
    ['Unicode', 'acmé'],
    ['a letter that looks like another', 'аcme'],
    ['a space', 'acme corp'],
    ['a line break', 'acme\n'],
    ['NUL', 'acme\0'],
    ['nothing', ''],
    ['57 characters', 'x'.repeat(57)],
    ['null', null],
    ['undefined', undefined],
    ['a number', 42],
    ['an object', { toString: () => 'acme' }],
    ['an array', ['acme']],
  ])('%s is refused by every function', async (_name, slug) => {
    const id = slug as string;
    const calls = [
      vault.getTenantStripeConfig(id),
      vault.saveTenantStripeConfig(id, { secretKey: 'sk_1' }),
      vault.deleteTenantStripeConfig(id),
      vault.getTenantStripeSecretKey(id),
      vault.getTenantStripeWebhookSecret(id),
      vault.updateStripeConfigVerification(id, true),
      vault.getTenantApiCredential(id, 'mux'),
      vault.getAllTenantApiCredentials(id),
      vault.saveTenantApiCredential(id, { serviceName: 'mux', apiKey: 'key' }),
      vault.getTenantApiKeyAndSecret(id, 'mux'),
      vault.getTenantCredentialStatuses(id),
      vault.createTenant(id),
      vault.migrateTenant(id),
      vault.withTenant(id, () => 'never'),
    ];
    const errors = await Promise.all(calls.map(rejection));
    expect(errors).toEqual(calls.map(() => INVALID));
  });

  test('fault 5: slugs of 56 characters do not share a schema', async () => {
    const stem = newSlug().padEnd(55, 'x');
    const [first, second] = [`${stem}1`, `${stem}2`];
    for (const slug of [first, second]) {
      await vault.createTenant(slug);
    }
    await vault.saveTenantStripeConfig(first, { secretKey: 'sk_first' });
    expect(await vault.getTenantStripeConfig(second)).toBeNull();
    expect(await vault.listTenants()).toEqual(expect.arrayContaining([first, second]));
  });

  test('the tenant "public" is not the schema public', async () => {
    expect((await rejection(vault.getTenantStripeConfig('public')))[0]).toBe('TENANT_NOT_FOUND');
  });
});

describe('two tenants', () => {
  test('never see or change each other', async () => {
    const [acme, rawdog] = [await newTenant(), await newTenant()];
    await vault.saveTenantStripeConfig(acme, { secretKey: 'sk_acme' });
    await vault.saveTenantApiCredential(acme, { serviceName: 'mux', apiKey: 'mux_acme' });

    expect(await vault.getTenantStripeSecretKey(rawdog)).toBeNull();
    expect(await vault.getAllTenantApiCredentials(rawdog)).toEqual([]);
    expect(await vault.deleteTenantStripeConfig(rawdog)).toBe(false);
    await vault.updateStripeConfigVerification(rawdog, false, null, 'broken');
    const statuses = await vault.getTenantCredentialStatuses(rawdog);
    expect(statuses.filter((status) => status.connected)).toEqual([]);

    await vault.saveTenantStripeConfig(rawdog, { secretKey: 'sk_rawdog' });
    expect(await vault.getTenantStripeSecretKey(acme)).toBe('sk_acme');
    expect(await vault.getTenantStripeConfig(acme)).toMatchObject({ lastError: null });
  });

  test('do not mix when their calls interleave', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, newTenant));
    await Promise.all(
      tenants.map((slug) => vault.saveTenantStripeConfig(slug, { secretKey: `sk_${slug}` })),
    );
    const reads = Array.from({ length: 400 }, async (_, n) => {
      const slug = tenants[n % tenants.length] ?? '';
      const [config, key] = await Promise.all([
        vault.getTenantStripeConfig(slug),
        vault.getTenantStripeSecretKey(slug),
      ]);
      return config?.tenantId === slug && key === `sk_${slug}`;
    });
    expect(new Set(await Promise.all(reads))).toEqual(new Set([true]));
  });

  test('a row that carries another tenant id is not read', async () => {
    const [slug, other] = [await newTenant(), await newTenant()];
    await vault.saveTenantStripeConfig(slug, { secretKey: 'sk_1' });
    await sql(`update ${schemaOf(slug)}.tenant_stripe_config set tenant_id = '${other}'`);
    expect(await vault.getTenantStripeConfig(slug)).toBeNull();
  });
});

describe('fault 4: a missing tenant table', () => {
  testOfOwnTables('never falls through to public', async () => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    await exclusively(async () => {
      await sql('create table public.tenant_stripe_config (tenant_id text, is_active boolean)');
      try {
        await sql('insert into public.tenant_stripe_config values ($1, true)', [slug]);
        const [code, message] = await rejection(vault.getTenantStripeConfig(slug));
        expect(code).toBe('TENANT_NOT_FOUND');
        expect(message).toContain(`cgk-integrations migrate --tenant ${slug}`);
        const save = vault.saveTenantStripeConfig(slug, { secretKey: 'sk_1' });
        expect((await rejection(save))[0]).toBe('TENANT_NOT_FOUND');
      } finally {
        await sql('drop table public.tenant_stripe_config');
      }
    });
  });

  test('and a missing schema are the same error', async () => {
    const error = await rejection(vault.getTenantCredentialStatuses(newSlug()));
    expect(error[0]).toBe('TENANT_NOT_FOUND');
  });
});

describe('withTenant', () => {
  test('gives the same functions less their first argument', async () => {
    const slug = await newTenant();
    const result = await vault.withTenant(slug, async (tenant) => {
      await tenant.saveTenantStripeConfig({ secretKey: 'sk_scoped' });
      await tenant.saveTenantApiCredential({ serviceName: 'mux', apiKey: 'a', apiSecret: 'b' });
      return {
        id: tenant.tenantId,
        key: await tenant.getTenantStripeSecretKey(),
        mux: await tenant.getTenantApiKeyAndSecret('mux'),
      };
    });
    expect(result).toEqual({ id: slug, key: 'sk_scoped', mux: { apiKey: 'a', apiSecret: 'b' } });
    expect(await vault.getTenantStripeSecretKey(slug)).toBe('sk_scoped');
  });

  test('keeps concurrent scopes apart', async () => {
    const tenants = [await newTenant(), await newTenant()];
    await Promise.all(
      tenants.map((slug) => vault.saveTenantStripeConfig(slug, { secretKey: `sk_${slug}` })),
    );
    const keys = await Promise.all(
      tenants.map((slug) =>
        vault.withTenant(slug, async (tenant) => {
          await new Promise((resolve) => setImmediate(resolve));
          return tenant.getTenantStripeSecretKey();
        }),
      ),
    );
    expect(keys).toEqual(tenants.map((slug) => `sk_${slug}`));
  });

  test('passes on what the function throws', async () => {
    const slug = await newTenant();
    const thrown = new Error('mine');
    await expect(
      vault.withTenant(slug, () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
  });
});
