import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { configureVault, newTenant, rejection, schemaOf, vault } from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

/** As a save stores it, whatever form it was pasted in. */
const WISE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()
  .trim();

const BASE = {
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  isActive: true,
  lastVerifiedAt: null,
  lastError: null,
  createdAt: expect.any(Date),
  updatedAt: expect.any(Date),
};
const TOKEN = expect.stringMatching(/^[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]*$/);

describe('Stripe', () => {
  test('save, read, disconnect', async () => {
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
    expect(await vault.getTenantStripeSecretKey(tenant)).toBeNull();

    const saved = await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
      webhookSecret: 'whsec_1',
    });
    expect(saved).toEqual({
      ...BASE,
      tenantId: tenant,
      secretKeyEncrypted: TOKEN,
      publishableKey: 'pk_test_1',
      webhookSecretEncrypted: TOKEN,
      stripeAccountId: null,
      accountName: null,
      accountCountry: null,
      livemode: false,
      connectEnabled: false,
      connectClientId: null,
    });
    expect(await vault.getTenantStripeConfig(tenant)).toEqual(saved);
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_test_1');
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');

    expect(await vault.deleteTenantStripeConfig(tenant)).toBe(true);
    expect(await vault.deleteTenantStripeConfig(tenant)).toBe(true);
    expect(await vault.deleteTenantStripeConfig(await newTenant())).toBe(false);
    expect(await vault.getTenantStripeConfig(tenant)).toBeNull();
    expect(await vault.getTenantStripeSecretKey(tenant)).toBeNull();
    const rows = await sql(`select is_active from ${schemaOf(tenant)}.tenant_stripe_config`);
    expect(rows.rows).toEqual([{ is_active: false }]);
  });

  test('the database holds ciphertext only', async () => {
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_plain',
      webhookSecret: 'wh_plain',
    });
    const rows = await sql(`select t::text from ${schemaOf(tenant)}.tenant_stripe_config t`);
    expect(rows.rows).toHaveLength(1);
    expect(JSON.stringify(rows.rows)).not.toMatch(/plain/);
  });

  test('dates are those of the row, to the millisecond', async () => {
    const saved = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    const { rows } = await sql(`select created_at from ${schemaOf(tenant)}.tenant_stripe_config`);
    expect(saved.createdAt).toEqual(rows[0].created_at);
  });
});

describe('Resend', () => {
  test('save, read, disconnect', async () => {
    const saved = await vault.saveTenantResendConfig(tenant, {
      apiKey: 're_1',
      defaultFromEmail: 'shop@example.com',
      defaultFromName: 'Shop "ünï" <x>',
      defaultReplyTo: 'help@example.com',
    });
    expect(saved).toEqual({
      ...BASE,
      tenantId: tenant,
      apiKeyEncrypted: TOKEN,
      resendTeamId: null,
      accountName: null,
      defaultFromEmail: 'shop@example.com',
      defaultFromName: 'Shop "ünï" <x>',
      defaultReplyTo: 'help@example.com',
      verifiedDomains: [],
      webhookSecretEncrypted: null,
    });
    expect(await vault.getTenantResendConfig(tenant)).toEqual(saved);
    expect(await vault.getTenantResendApiKey(tenant)).toBe('re_1');
    expect(await vault.deleteTenantResendConfig(tenant)).toBe(true);
    expect(await vault.getTenantResendConfig(tenant)).toBeNull();
  });
});

describe('Wise', () => {
  test('save, read, disconnect', async () => {
    const saved = await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise_1' });
    expect(saved).toEqual({
      ...BASE,
      tenantId: tenant,
      apiKeyEncrypted: TOKEN,
      profileId: null,
      profileType: null,
      accountHolderName: null,
      sourceBalanceId: null,
      sourceCurrency: 'USD',
      webhookSecretEncrypted: null,
      sandboxMode: false,
    });
    expect(await vault.getTenantWiseApiKey(tenant)).toBe('wise_1');
    expect(await vault.getTenantWiseWebhookSecret(tenant)).toBeNull();
    await vault.saveTenantWiseConfig(tenant, {
      apiKey: 'wise_2',
      webhookSecret: WISE_KEY,
      sandboxMode: true,
      sourceCurrency: 'EUR',
    });
    expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({
      id: saved.id,
      sandboxMode: true,
      sourceCurrency: 'EUR',
    });
    expect(await vault.getTenantWiseWebhookSecret(tenant)).toBe(WISE_KEY);
    expect(await vault.deleteTenantWiseConfig(tenant)).toBe(true);
    expect(await vault.getTenantWiseConfig(tenant)).toBeNull();
  });

  test('an unknown profile type in the row does not make it unreadable', async () => {
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise_1' });
    await sql(`update ${schemaOf(tenant)}.tenant_wise_config set profile_type = 'other'`);
    expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({ profileType: null });
  });
});

describe('the services without a table of their own', () => {
  const services = Object.keys(
    vault.SERVICE_DISPLAY_NAMES,
  ) as (keyof typeof vault.SERVICE_DISPLAY_NAMES)[];

  test.each(services)('%s: save, read, disconnect', async (service) => {
    expect(await vault.getTenantApiCredential(tenant, service)).toBeNull();
    expect(await vault.getTenantApiKeyAndSecret(tenant, service)).toBeNull();
    const saved = await vault.saveTenantApiCredential(tenant, {
      serviceName: service,
      ...inputFor(service),
      apiSecret: 'another-secret',
      metadata: { bucket: 'media' },
    });
    expect(saved).toEqual({
      ...BASE,
      tenantId: tenant,
      serviceName: service,
      serviceDisplayName: vault.SERVICE_DISPLAY_NAMES[service],
      apiKeyEncrypted: TOKEN,
      apiSecretEncrypted: TOKEN,
      accountId: null,
      metadata: { bucket: 'media' },
    });
    expect(await vault.getTenantApiCredential(tenant, service)).toEqual(saved);
    expect(await vault.getTenantApiKey(tenant, service)).toBe(inputFor(service).apiKey);
    expect(await vault.getTenantApiKeyAndSecret(tenant, service)).toEqual({
      apiKey: inputFor(service).apiKey,
      apiSecret: 'another-secret',
    });
    expect(await vault.deleteTenantApiCredential(tenant, service)).toBe(true);
    expect(await vault.deleteTenantApiCredential(tenant, service)).toBe(true);
    expect(await vault.deleteTenantApiCredential(await newTenant(), service)).toBe(false);
    expect(await vault.getTenantApiKey(tenant, service)).toBeNull();
  });

  test('all of them are listed in the order of their ids', async () => {
    expect(await vault.getAllTenantApiCredentials(tenant)).toEqual([]);
    for (const serviceName of ['twilio', 'anthropic', 'mux'] as const) {
      await vault.saveTenantApiCredential(tenant, { serviceName, ...inputFor(serviceName) });
    }
    await vault.deleteTenantApiCredential(tenant, 'mux');
    const all = await vault.getAllTenantApiCredentials(tenant);
    expect(all.map((credential) => credential.serviceName)).toEqual(['anthropic', 'twilio']);
    expect(all[0]?.createdAt).toBeInstanceOf(Date);
  });

  test('a service without a secret answers null for it', async () => {
    await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey: 'sk-1' });
    const secrets = await vault.getTenantApiKeyAndSecret(tenant, 'openai');
    expect(secrets).toEqual({ apiKey: 'sk-1', apiSecret: null });
  });

  test('metadata comes back as JSON knows it', async () => {
    const metadata = {
      nested: { list: [1, 'two', null, true], 'key "quoted"': 'ünï 🔑' },
      large: 2 ** 60,
      tiny: 5e-324,
      lastVerifiedAt: 5,
    };
    await vault.saveTenantApiCredential(tenant, {
      serviceName: 'mux',
      apiKey: 'key',
      metadata: { ...metadata, gone: undefined, date: new Date(0) },
    });
    const saved = await vault.getTenantApiCredential(tenant, 'mux');
    expect(saved?.metadata).toEqual({ ...metadata, date: '1970-01-01T00:00:00.000Z' });
  });

  test('a number that only JSON can hold does not make a row unreadable', async () => {
    await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'key' });
    await sql(`update ${schemaOf(tenant)}.tenant_api_credentials set metadata = '{"n": 1e400}'`);
    const saved = await vault.getTenantApiCredential(tenant, 'mux');
    expect(saved?.metadata).toEqual({ n: Number.POSITIVE_INFINITY });
  });
});

describe('saving again', () => {
  test('fault 1: a tenant that disconnected can connect again', async () => {
    const first = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    await vault.deleteTenantStripeConfig(tenant);
    const second = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_2' });
    expect(second).toMatchObject({ id: first.id, isActive: true });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_2');

    await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'a' });
    await vault.deleteTenantApiCredential(tenant, 'mux');
    await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'b' });
    expect(await vault.getTenantApiKey(tenant, 'mux')).toBe('b');
  });

  test('after a disconnect nothing of the former account comes back', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', webhookSecret: 'whsec_1' });
    await vault.updateStripeConfigVerification(tenant, true, { accountId: 'acct_1' });
    await vault.deleteTenantStripeConfig(tenant);
    const again = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_2' });
    expect(again).toMatchObject({
      webhookSecretEncrypted: null,
      stripeAccountId: null,
      lastVerifiedAt: null,
    });
  });

  test('fault 10: a field left out keeps its value, null clears it', async () => {
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_1',
      publishableKey: 'pk_1',
      webhookSecret: 'whsec_1',
      livemode: true,
    });
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_2',
      webhookSecret: undefined as never,
    });
    expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      publishableKey: 'pk_1',
      livemode: true,
    });
    await vault.saveTenantStripeConfig(tenant, {
      secretKey: 'sk_3',
      publishableKey: null,
      webhookSecret: null,
      livemode: null,
    });
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      publishableKey: null,
      webhookSecretEncrypted: null,
      livemode: false,
    });
    expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_3');
  });

  test('fault 10, for the other tables', async () => {
    await vault.saveTenantWiseConfig(tenant, {
      apiKey: 'a',
      webhookSecret: WISE_KEY,
      sourceCurrency: 'EUR',
    });
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'b' });
    expect(await vault.getTenantWiseWebhookSecret(tenant)).toBe(WISE_KEY);
    await vault.saveTenantWiseConfig(tenant, {
      apiKey: 'c',
      webhookSecret: null,
      sourceCurrency: null,
    });
    expect(await vault.getTenantWiseWebhookSecret(tenant)).toBeNull();
    expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({ sourceCurrency: 'USD' });

    await vault.saveTenantResendConfig(tenant, { apiKey: 're_a', defaultFromName: 'Shop' });
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_b' });
    expect(await vault.getTenantResendConfig(tenant)).toMatchObject({ defaultFromName: 'Shop' });

    const mux = { serviceName: 'mux', apiKey: 'a' } as const;
    await vault.saveTenantApiCredential(tenant, { ...mux, apiSecret: 's', metadata: { a: 1 } });
    await vault.saveTenantApiCredential(tenant, mux);
    expect(await vault.getTenantApiKeyAndSecret(tenant, 'mux')).toEqual({
      apiKey: 'a',
      apiSecret: 's',
    });
    expect(await vault.getTenantApiCredential(tenant, 'mux')).toMatchObject({ metadata: { a: 1 } });
    await vault.saveTenantApiCredential(tenant, { ...mux, apiSecret: null, metadata: null });
    expect(await vault.getTenantApiCredential(tenant, 'mux')).toMatchObject({
      apiSecretEncrypted: null,
      metadata: {},
    });
  });

  test('a new key is not verified yet', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    await vault.updateStripeConfigVerification(tenant, true);
    const again = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_2' });
    expect(again).toMatchObject({ lastVerifiedAt: null, lastError: null });
  });

  test('two saves at once leave one whole row', async () => {
    const save = (n: number) =>
      vault.saveTenantStripeConfig(tenant, { secretKey: `sk_${n}`, webhookSecret: `wh_${n}` });
    await Promise.all([1, 2, 3, 4].map(save));
    const secret = await vault.getTenantStripeSecretKey(tenant);
    const webhook = await vault.getTenantStripeWebhookSecret(tenant);
    expect(webhook?.slice(3)).toBe(secret?.slice(3));
    const { rows } = await sql(
      `select count(*)::int from ${schemaOf(tenant)}.tenant_stripe_config`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('verification', () => {
  test('a success records the time and what is known of the account', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1' });
    await vault.updateStripeConfigVerification(tenant, false, undefined, 'No such account');
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      lastError: 'No such account',
      lastVerifiedAt: null,
    });
    const account = { accountId: 'acct_1', accountName: 'Shop', accountCountry: 'US' };
    expect(await vault.updateStripeConfigVerification(tenant, true, account)).toBeUndefined();
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      lastError: null,
      lastVerifiedAt: expect.any(Date),
      stripeAccountId: 'acct_1',
      accountName: 'Shop',
      accountCountry: 'US',
    });
    await vault.updateStripeConfigVerification(tenant, false);
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      lastError: 'Verification failed',
      lastVerifiedAt: expect.any(Date),
      stripeAccountId: 'acct_1',
    });
  });

  test('Resend, Wise and the API credentials have it, too', async () => {
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_1' });
    await vault.updateResendConfigVerification(tenant, true, {
      teamId: 'team_1',
      verifiedDomains: ['example.com'],
    });
    expect(await vault.getTenantResendConfig(tenant)).toMatchObject({
      resendTeamId: 'team_1',
      verifiedDomains: ['example.com'],
      lastVerifiedAt: expect.any(Date),
    });

    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise' });
    await vault.updateWiseConfigVerification(tenant, true, {
      profileId: '7',
      profileType: 'business',
    });
    expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({
      profileId: '7',
      profileType: 'business',
    });

    await vault.saveTenantApiCredential(tenant, { serviceName: 'twilio', ...inputFor('twilio') });
    await vault.updateApiCredentialVerification(tenant, 'twilio', true, { accountId: 'AC1' });
    expect(await vault.getTenantApiCredential(tenant, 'twilio')).toMatchObject({
      accountId: 'AC1',
      lastVerifiedAt: expect.any(Date),
    });
  });

  test('bad arguments are refused', async () => {
    const update = vault.updateStripeConfigVerification as (...args: unknown[]) => Promise<void>;
    const cases: [unknown[], string][] = [
      [['yes'], 'verified must be true or false'],
      [[true, 'acct_1'], 'The account details must be an object'],
      [[true, { accountId: 7 }], 'accountId must be a string'],
      [
        [true, { secretKey: 'sk_1' }],
        'Unknown field in the input: use accountId, accountName, accountCountry',
      ],
      [[false, null, 7], 'error must be a string'],
    ];
    for (const [args, message] of cases) {
      expect(await rejection(update(tenant, ...args))).toEqual(['INPUT_INVALID', message]);
    }
  });
});
