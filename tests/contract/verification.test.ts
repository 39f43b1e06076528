import type { VerificationStatus } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BEHAVIOURS,
  type Behaviour,
  type FakeVendors,
  inputFor,
  startFakeVendors,
} from '../kit/fake-vendors';
import { SERVICE_IDS, SERVICES } from '../kit/services';
import {
  configureVault,
  getCredential,
  KEY,
  newTenant,
  rejection,
  saveCredential,
  vault,
  verifyStored,
} from '../kit/vault';

const OUTCOMES: Record<Behaviour, [VerificationStatus, string | undefined]> = {
  right: ['valid', undefined],
  wrong: ['invalid', 'CREDENTIAL_INVALID'],
  restricted: ['under_scoped', 'PERMISSION_MISSING'],
  throttled: ['rate_limited', 'VENDOR_RATE_LIMITED'],
  broken: ['unreachable', 'VENDOR_ERROR'],
  silent: ['unreachable', 'VENDOR_TIMEOUT'],
  malformed: ['unreachable', 'VENDOR_ANSWER_UNEXPECTED'],
  html: ['unreachable', 'VENDOR_ANSWER_UNEXPECTED'],
  redirected: ['unreachable', 'VENDOR_ANSWER_UNEXPECTED'],
};

let vendors: FakeVendors;
let tenant: string;

function configure(options = {}): void {
  configureVault(KEY, { endpoints: vendors.endpoints, ...options });
}

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configure();
  tenant = await newTenant();
  vendors.requests.length = 0;
});

describe.each(SERVICE_IDS)('%s', (service) => {
  test.each(BEHAVIOURS)('a vendor that finds it %s', async (behaviour) => {
    configure({ vendorTimeoutMs: behaviour === 'silent' ? 300 : 10_000 });
    const scopeless = behaviour === 'restricted' && SERVICES[service].vendor.isScopeless === true;
    const [status, code] = OUTCOMES[scopeless ? 'malformed' : behaviour];
    await saveCredential(tenant, service, inputFor(service, behaviour));
    const before = await getCredential(tenant, service);

    const result = await verifyStored(tenant, service);

    const valid = status === 'valid' || status === 'under_scoped';
    expect(result).toMatchObject({ valid, status });
    expect(result.code).toBe(code);
    expect(result.error === undefined).toBe(valid);
    expect(result.retryAfterSeconds).toBe(behaviour === 'throttled' ? 1 : undefined);
    expect(JSON.stringify(result)).not.toContain(behaviour);

    const after = await getCredential(tenant, service);
    expect(after?.lastVerifiedAt).toEqual(valid ? expect.any(Date) : null);
    expect(after?.lastError).toBe(status === 'invalid' ? result.error : null);
    if (status === 'unreachable' || status === 'rate_limited') {
      expect(after).toEqual(before);
    }
    expect(vendors.requests).toHaveLength(1);
    expect(vendors.requests[0]).toMatchObject({ service, method: 'GET', body: '' });
    expect(vendors.elsewhere).toEqual([]);
  });

  test('no credential stands in a URL', async () => {
    await saveCredential(tenant, service, inputFor(service));
    await verifyStored(tenant, service);
    expect(vendors.requests[0]?.url).not.toContain('right');
  });

  test('what is not stored can be asked about, and stays so', async () => {
    const right = await vault.verifyTenantCredentialInput(service, inputFor(service));
    expect(right).toMatchObject({ valid: true, status: 'valid' });
    const wrong = await vault.verifyTenantCredentialInput(service, inputFor(service, 'wrong'));
    expect(wrong).toMatchObject({ valid: false, status: 'invalid', code: 'CREDENTIAL_INVALID' });
    expect(await getCredential(tenant, service)).toBeNull();
  });

  test('a save that verifies', async () => {
    const verify = { verify: true };
    const refused = saveCredential(tenant, service, inputFor(service, 'wrong'), verify);
    expect((await rejection(refused))[0]).toBe('CREDENTIAL_INVALID');
    expect(await getCredential(tenant, service)).toBeNull();

    const saved = await saveCredential(tenant, service, inputFor(service), verify);
    expect(saved).toMatchObject({ lastVerifiedAt: expect.any(Date), lastError: null });
    expect(await getCredential(tenant, service)).toEqual(saved);

    const again = saveCredential(tenant, service, inputFor(service, 'wrong'), verify);
    expect((await rejection(again))[0]).toBe('CREDENTIAL_INVALID');
    expect(await getCredential(tenant, service)).toEqual(saved);

    const unsure = await saveCredential(tenant, service, inputFor(service, 'broken'), verify);
    expect(unsure).toMatchObject({ lastVerifiedAt: null, lastError: null });
  });

  test('a vendor that can not be reached', async () => {
    configure({ endpoints: { [service]: 'http://127.0.0.1:1' } });
    await saveCredential(tenant, service, inputFor(service));
    const result = await verifyStored(tenant, service);
    expect(result).toMatchObject({ status: 'unreachable', code: 'VENDOR_UNREACHABLE' });
    expect((await getCredential(tenant, service))?.lastError).toBeNull();
  });

  test('nothing stored, and a row under another key', async () => {
    const none = await verifyStored(tenant, service);
    const { displayName } = vault.SERVICE_CATALOG.find(({ id }) => id === service) ?? {};
    expect(none).toEqual({
      valid: false,
      status: 'unchecked',
      code: 'NOT_CONFIGURED',
      error: `${displayName} is not configured for tenant: ${tenant}`,
    });
    await saveCredential(tenant, service, inputFor(service));
    configure({ encryptionKey: 'another-master-key-0123456789abcdef' });
    expect(await verifyStored(tenant, service)).toMatchObject({
      valid: false,
      status: 'unchecked',
      code: 'DECRYPTION_FAILED',
    });
    expect(vendors.requests).toEqual([]);
  });
});

describe('account details', () => {
  test('of each vendor that tells any', async () => {
    for (const service of SERVICE_IDS) {
      await saveCredential(tenant, service, inputFor(service));
      const { valid, status, ...details } = await verifyStored(tenant, service);
      expect([service, details]).toEqual([service, SERVICES[service].account ?? {}]);
    }
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      stripeAccountId: 'acct_1',
      accountName: 'Rawdog',
      accountCountry: 'US',
    });
    expect(await vault.getTenantResendConfig(tenant)).toMatchObject({
      verifiedDomains: ['mail.example.com'],
    });
    expect(await vault.getTenantWiseConfig(tenant)).toMatchObject({
      profileId: '12',
      profileType: 'business',
      accountHolderName: 'Rawdog',
    });
    expect(await vault.getTenantApiCredential(tenant, 'twilio')).toMatchObject({
      accountId: inputFor('twilio').apiKey,
    });
  });

  test('stay with the same key and go with another', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' }, { verify: true });
    const same = { secretKey: ' sk_test_right\n', publishableKey: 'pk_test_1' };
    expect(await vault.saveTenantStripeConfig(tenant, same)).toMatchObject({
      stripeAccountId: 'acct_1',
      lastVerifiedAt: null,
    });
    const other = await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_other' });
    expect(other).toMatchObject({ stripeAccountId: null, accountName: null, accountCountry: null });
  });

  test('of another account are replaced, never mixed', async () => {
    await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' });
    await vault.updateStripeConfigVerification(tenant, true, {
      accountId: 'acct_former',
      accountName: 'Former',
      accountCountry: 'FR',
    });
    await vault.updateStripeConfigVerification(tenant, true, { accountId: 'acct_new' });
    expect(await vault.getTenantStripeConfig(tenant)).toMatchObject({
      stripeAccountId: 'acct_new',
      accountName: null,
      accountCountry: null,
    });
  });
});

test('an answer about a credential that was replaced meanwhile is not recorded', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_wrong' });
  const asked = new Promise<void>((resolve) => {
    vendors.beforeAnswer = async () => {
      await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' });
      resolve();
    };
  });
  expect(await vault.verifyTenantStripeCredentials(tenant)).toMatchObject({ status: 'invalid' });
  await asked;
  vendors.beforeAnswer = undefined;
  expect((await vault.getTenantStripeConfig(tenant))?.lastError).toBeNull();
});

test('it tests what is stored, not a client that was kept', async () => {
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_right' });
  await vault.getTenantStripeClient(tenant);
  const other = { secretKey: 'sk_test_wrong' };
  await vault.saveTenantStripeConfig(tenant, other);
  expect(await vault.verifyTenantStripeCredentials(tenant)).toMatchObject({ status: 'invalid' });
});

test('left-out secrets are taken from the row when an input is verified by a save', async () => {
  await saveCredential(tenant, 'mux', { apiKey: 'old', apiSecret: 'secret-right' });
  const saved = await saveCredential(tenant, 'mux', { apiKey: 'new' }, { verify: true });
  expect(saved.lastVerifiedAt).toEqual(expect.any(Date));
  const shown = vendors.requests[0]?.headers.authorization?.replace('Basic ', '') ?? '';
  expect(Buffer.from(shown, 'base64').toString()).toBe('new:secret-right');
});

test('an R2 token of one bucket is asked about that bucket', async () => {
  const { metadata, ...keys } = inputFor('cloudflare_r2');
  const input = { ...keys, metadata: { ...metadata, bucket: 'media' } };
  expect(await vault.verifyTenantCredentialInput('cloudflare_r2', input)).toMatchObject({
    status: 'valid',
  });
  expect(vendors.requests[0]?.url).toBe('/media/cgk-integrations/no-such-object');
});

test('a wrong R2 secret makes a wrong signature', async () => {
  const input = { ...inputFor('cloudflare_r2'), apiSecret: 'another' };
  expect(await vault.verifyTenantCredentialInput('cloudflare_r2', input)).toMatchObject({
    status: 'invalid',
  });
});

test('a save that verifies takes the services that it takes without', async () => {
  for (const serviceName of ['stripe', 'No Name', 7, undefined]) {
    const input = { serviceName, secretKey: 'sk_test_right', apiKey: 'key' } as never;
    const plain = await rejection(vault.saveTenantApiCredential(tenant, input));
    const verified = vault.saveTenantApiCredential(tenant, input, { verify: true });
    expect(await rejection(verified)).toEqual(plain);
  }
  const other = { serviceName: 'paypal' as 'mux', apiKey: 'key' };
  const verified = vault.saveTenantApiCredential(tenant, other, { verify: true });
  expect((await rejection(verified))[0]).toBe('SERVICE_UNKNOWN');
  const nothing = vault.saveTenantStripeConfig(tenant, null as never, { verify: true });
  expect((await rejection(nothing))[0]).toBe('INPUT_INVALID');
  expect(vendors.requests).toEqual([]);
});

test('a Resend key that may only send is not called invalid', async () => {
  await vault.saveTenantResendConfig(tenant, { apiKey: 're_restricted' });
  expect(await vault.verifyTenantResendCredentials(tenant)).toEqual({
    valid: true,
    status: 'under_scoped',
    code: 'PERMISSION_MISSING',
    missingPermission: expect.stringContaining('sending access is enough to send'),
  });
});

describe('bad input', () => {
  const verifyApi = (...args: unknown[]) =>
    (vault.verifyTenantServiceCredentials as (...args: unknown[]) => Promise<object>)(...args);
  const verifyInput = (...args: unknown[]) =>
    (vault.verifyTenantCredentialInput as (...args: unknown[]) => Promise<object>)(...args);

  test.each([
    ['an unknown tenant', () => vault.verifyTenantStripeCredentials('nobody'), 'TENANT_NOT_FOUND'],
    ['no slug', () => vault.verifyTenantWiseCredentials('Not A Slug'), 'TENANT_INVALID'],
    ['no string', () => vault.verifyTenantResendCredentials(7 as never), 'TENANT_INVALID'],
    ['an unknown service', () => verifyApi(tenant, 'paypal'), 'SERVICE_UNKNOWN'],
    ['an input of an unknown service', () => verifyInput('paypal', {}), 'SERVICE_UNKNOWN'],
    ['no input', () => verifyInput('stripe', null), 'INPUT_INVALID'],
    ['an incomplete input', () => verifyInput('mux', { apiKey: 'a' }), 'CREDENTIAL_INCOMPLETE'],
    [
      'a misplaced key',
      () => verifyInput('stripe', { secretKey: 'pk_live_oops' }),
      'INPUT_INVALID',
    ],
  ])('%s never rejects', async (_name, verify, code) => {
    const result = await verify();
    expect(result).toMatchObject({ valid: false, status: 'unchecked', code });
    expect(JSON.stringify(result)).not.toContain('oops');
    expect(vendors.requests).toEqual([]);
  });

  test('a service connected without its second secret', async () => {
    await saveCredential(tenant, 'twilio', { apiKey: inputFor('twilio').apiKey });
    expect(await vault.verifyTenantServiceCredentials(tenant, 'twilio')).toMatchObject({
      status: 'unchecked',
      code: 'CREDENTIAL_INCOMPLETE',
      error:
        'Twilio is connected without its Auth token, or secret of the API key: save it as apiSecret',
    });
    const save = saveCredential(tenant, 'mux', { apiKey: 'id' }, { verify: true });
    expect((await rejection(save))[0]).toBe('CREDENTIAL_INCOMPLETE');
    expect(await getCredential(tenant, 'mux')).toBeNull();
  });

  test('endpoints are those of the catalog, and origins', () => {
    const cases: [object, string][] = [
      [{ paypal: 'http://127.0.0.1' }, 'unknown service in endpoints'],
      [{ stripe: 'ftp://127.0.0.1' }, 'endpoints.stripe must be a URL'],
      [{ stripe: 'http://127.0.0.1/path' }, 'endpoints.stripe must be a URL'],
      [{ stripe: 'http://user@127.0.0.1' }, 'endpoints.stripe must be a URL'],
      [{ stripe: 7 }, 'endpoints.stripe must be a URL'],
    ];
    for (const [endpoints, message] of cases) {
      expect(() => configure({ endpoints })).toThrow(message);
    }
  });
});
