import type { TenantService } from '@cgk-platform/integrations';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  configureVault,
  getCredential,
  newTenant,
  rejection,
  saveCredential,
  vault,
} from '../kit/vault';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

const R2 = { apiKey: 'id', apiSecret: 'secret' };
const UUID = '00000000-0000-4000-8000-000000000000';
const AC = 'AC0123456789abcdef0123456789abcdef';

describe('what does not fit the catalog is refused in words that do not repeat it', () => {
  const refused: [TenantService, object, string][] = [
    ['stripe', { secretKey: 'pk_live_oops' }, 'secretKey: this is a publishable key'],
    ['stripe', { secretKey: 'whsec_oops' }, 'secretKey: this is a webhook signing secret'],
    ['stripe', { secretKey: 'oops' }, 'secretKey must start with sk_ or rk_'],
    ['stripe', { secretKey: 'sk_live_oops oops' }, 'secretKey: white space stands in it'],
    ['assemblyai', { apiKey: 'oops****oops' }, 'apiKey: this is masked'],
    ['assemblyai', { apiKey: 'oops\u2060oops' }, 'an invisible character stands in it'],
    [
      'stripe',
      { secretKey: 'sk_test_1', publishableKey: 'sk_test_oops' },
      'publishableKey: this is a secret key and would be stored in clear',
    ],
    [
      'stripe',
      { secretKey: 'sk_test_oops', publishableKey: 'pk_live_oops' },
      'publishableKey is of live mode and secretKey of test mode',
    ],
    ['stripe', { secretKey: 'sk_org_live_oops' }, 'this is a key of an organization'],
    ['stripe', { secretKey: 'sk_1', webhookSecret: 'we_oops' }, 'this is the id of the webhook'],
    ['resend', { apiKey: 'sk_oops' }, 'apiKey must start with re_'],
    ['resend', { apiKey: 're_1', defaultFromEmail: 'oops' }, 'must be an e-mail address'],
    ['resend', { apiKey: 're_1', defaultReplyTo: 'a@oops' }, 'must be an e-mail address'],
    ['resend', { apiKey: 're_1', defaultFromName: 'oops\r\nBcc: x' }, 'text on one line'],
    ['wise', { apiKey: 'w', sourceCurrency: 'OOP' }, 'must be an ISO 4217 currency code'],
    ['anthropic', { apiKey: 'sk-oops' }, 'apiKey must start with sk-ant-'],
    ['openai', { apiKey: 'sk-ant-oops' }, 'apiKey: this is an Anthropic key'],
    ['twilio', { apiKey: 'ACoops' }, 'apiKey must have 34 characters'],
    ['twilio', { apiKey: `AC${'oops'.repeat(8)}` }, 'hexadecimal digits after its prefix'],
    ['twilio', { apiKey: AC, apiSecret: AC }, 'this is an account SID'],
    ['anthropic', { apiKey: 'sk-ant-admin01-oops' }, 'this is an admin key'],
    ['anthropic', { apiKey: 'sk-ant-oat01-oops' }, 'this is an OAuth access token'],
    ['openai', { apiKey: 'sk-or-v1-oops' }, 'this is an OpenRouter key'],
    ['openai', { apiKey: 'sk-admin-oops' }, 'this is an admin key'],
    ['openai', { apiKey: 'sk-1', webhookSecret: 'wh_oops' }, 'this is the id of the webhook'],
    ['openai', { apiKey: 'sk-1', metadata: { region: 'https://oops.example' } }, 'must be one of'],
    ['cloudflare_r2', { ...R2, apiKey: 'a'.repeat(64) }, 'this is the secret access key'],
    ['cloudflare_r2', { ...R2, apiSecret: 'a'.repeat(32) }, 'this is an access key ID'],
    ['cloudflare_r2', { ...R2, apiKey: 'oops_'.repeat(8) }, 'this is a Cloudflare API token'],
    ['mux', { apiKey: 'id', apiSecret: UUID }, 'this is a token ID'],
    ['mux', { apiKey: 'oops'.repeat(19), apiSecret: 's' }, 'this looks like the token secret'],
    ['google_maps', { apiKey: 'oops.apps.googleusercontent.com' }, 'the id of an OAuth client'],
    ['google_maps', { apiKey: '{"type":"oops"}' }, 'this is the file of a service account'],
    ['wise', { apiKey: 'w', webhookSecret: 'oops' }, 'must be a whole RSA public key'],
    ['cloudflare_r2', { ...R2, metadata: { accountId: 'oops.example/' } }, 'hexadecimal digits'],
    ['cloudflare_r2', { ...R2, metadata: { bucket: '../oops' } }, 'lower-case letters'],
    ['mux', { ...R2, metadata: { webhookSecret: 'oops' } }, 'is stored in clear'],
    ['google_maps', { apiKey: 'AIza1', webhookSecret: 'oops' }, 'Unknown field in the input'],
  ];

  test.each(refused)('%s %j', async (service, input, sentence) => {
    const [code, message] = await rejection(saveCredential(tenant, service, input as never));
    expect(code).toBe('INPUT_INVALID');
    expect(message).toContain(sentence);
    expect(message).not.toMatch(/oops/i);
    expect(await getCredential(tenant, service)).toBeNull();
  });
});

test('white space and quotes that copying brings along are trimmed', async () => {
  await vault.saveTenantStripeConfig(tenant, {
    secretKey: ' "sk_live_1"\n',
    publishableKey: "'pk_live_1'",
    webhookSecret: '\u200bwhsec_1\t',
  });
  expect(await vault.getTenantStripeSecretKey(tenant)).toBe('sk_live_1');
  expect(await vault.getTenantStripeWebhookSecret(tenant)).toBe('whsec_1');
  expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
    publishableKey: 'pk_live_1',
    livemode: true,
  });
  await vault.saveTenantWiseConfig(tenant, { apiKey: 'w', sourceCurrency: ' eur ' });
  expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({ sourceCurrency: 'EUR' });
});

test('a key of the other mode does not leave the old publishable key behind', async () => {
  const keys = { secretKey: 'sk_test_1', publishableKey: 'pk_test_1' };
  await vault.saveTenantStripeConfig(tenant, keys);
  expect(await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_live_1' })).toMatchObject({
    publishableKey: null,
    livemode: true,
  });
  const live = { secretKey: 'sk_live_1', publishableKey: 'pk_live_1' };
  expect(await vault.saveTenantStripeConfig(tenant, live)).toMatchObject({ livemode: true });
});

test('the catalog has what a form needs', () => {
  for (const { fields, ...service } of vault.SERVICE_CATALOG) {
    expect(service).toMatchObject({
      endpoint: expect.stringMatching(/^https:\/\/[^/]+$/),
      verification: { path: expect.stringMatching(/^\//), permission: expect.any(String) },
    });
    expect(fields.some(({ kind, required }) => kind === 'secret' && required)).toBe(true);
    for (const { label, kind, choices } of fields) {
      expect(label).not.toBe('');
      expect(['secret', 'text', 'email', 'currency', 'boolean', 'choice']).toContain(kind);
      expect(choices.length > 0).toBe(kind === 'choice');
    }
  }
});
