import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { configureVault, KEY, newTenant, vault } from '../support/vault';
import { type Behaviour, inputFor, startVendors, type Vendors } from '../support/vendors';

let vendors: Vendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configureVault(KEY, { endpoints: vendors.endpoints, vendorTimeoutMs: 300 });
  tenant = await newTenant();
  vendors.requests.length = 0;
  vendors.failures.length = 0;
});

async function clientFor(behaviour: Behaviour = 'right') {
  await vault.saveTenantWiseConfig(tenant, inputFor('wise', behaviour));
  return vault.requireTenantWiseClient(tenant);
}

function asked(): string[] {
  return vendors.requests.map(({ method, url }) => `${method} ${url}`);
}

const TRANSFER = {
  targetAccount: 5,
  quoteUuid: 'quote-1',
  customerTransactionId: '6d5c0a3e-0000-4000-8000-000000000001',
};

test('the calls of the contract', async () => {
  const client = await clientFor();
  expect(client.profileId).toBeNull();
  expect(client.sandboxMode).toBe(false);
  expect(await client.getBalances()).toMatchObject([{ currency: 'USD' }]);
  expect(client.profileId).toBe('12');
  expect(await client.getProfiles()).toHaveLength(2);
  const amounts = { sourceCurrency: 'USD', targetCurrency: 'EUR', sourceAmount: 10 };
  expect(await client.createQuote(amounts)).toMatchObject({ id: 'quote-1' });
  const recipient = { currency: 'EUR', type: 'iban', profile: 12, accountHolderName: 'A' };
  expect(await client.createRecipient({ ...recipient, details: {} })).toMatchObject({ id: 5 });
  expect(await client.createTransfer(TRANSFER)).toMatchObject({ id: 6 });
  expect(await client.fundTransfer(6)).toMatchObject({ status: 'COMPLETED' });
  expect(asked()).toEqual([
    'GET /v1/profiles',
    'GET /v4/profiles/12/balances?types=STANDARD',
    'GET /v1/profiles',
    'POST /v3/quotes',
    'POST /v1/accounts',
    'POST /v1/transfers',
    'POST /v3/profiles/12/transfers/6/payments',
  ]);
  expect(JSON.parse(vendors.requests[3]?.body ?? '')).toEqual({ ...amounts, profile: 12 });
  expect(JSON.parse(vendors.requests[6]?.body ?? '')).toEqual({ type: 'BALANCE' });
  expect(vendors.requests[0]?.headers.authorization).toBe('Bearer wise-right');
});

test('the recorded profile is used', async () => {
  await vault.saveTenantWiseConfig(tenant, { ...inputFor('wise'), sandboxMode: true });
  await vault.updateWiseConfigVerification(tenant, true, { profileId: '12' });
  const client = await vault.requireTenantWiseClient(tenant);
  expect([client.profileId, client.sandboxMode]).toEqual(['12', true]);
  await client.getBalances();
  expect(asked()).toEqual(['GET /v4/profiles/12/balances?types=STANDARD']);
});

describe('errors', () => {
  test.each<[Behaviour, string, number | undefined, number]>([
    ['wrong', 'CREDENTIAL_INVALID', 401, 1],
    ['restricted', 'PERMISSION_MISSING', 403, 1],
    ['throttled', 'VENDOR_RATE_LIMITED', 429, 3],
    ['broken', 'VENDOR_ERROR', 500, 3],
    ['silent', 'VENDOR_TIMEOUT', undefined, 3],
    ['malformed', 'VENDOR_ANSWER_UNEXPECTED', 200, 1],
    ['html', 'VENDOR_ANSWER_UNEXPECTED', 200, 1],
    ['redirected', 'VENDOR_ANSWER_UNEXPECTED', 302, 1],
  ])('%s', async (behaviour, code, status, attempts) => {
    const client = await clientFor(behaviour);
    const error = await client.getProfiles().catch((error: unknown) => error);
    expect(error).toMatchObject({ code, errors: [] });
    expect((error as { status?: number }).status).toBe(status);
    expect(String(error)).not.toContain(behaviour);
    expect(vendors.requests).toHaveLength(attempts);
    expect(vendors.elsewhere).toEqual([]);
  });

  test('a refused request tells why, but not in the message', async () => {
    const client = await clientFor();
    const error = await client.post('/v1/refused', {}).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'WISE_REQUEST_REFUSED',
      status: 422,
      errors: [{ code: 'NOT_VALID', message: 'Invalid IBAN', path: 'details.iban' }],
    });
    expect(String(error)).not.toContain('IBAN');
  });

  test('the token stays with Wise', async () => {
    const client = await clientFor();
    for (const path of ['//127.0.0.1:1/', 'http://127.0.0.1:1/', '\\\\127.0.0.1:1/']) {
      await expect(client.get(path)).rejects.toThrow('the token stays with Wise');
    }
    expect(vendors.requests).toEqual([]);
  });
});

describe('repetition', () => {
  test('reads are repeated', async () => {
    const client = await clientFor();
    vendors.failures.push(503, 500);
    expect(await client.getProfiles()).toHaveLength(2);
    expect(asked()).toEqual(Array(3).fill('GET /v1/profiles'));
  });

  test('transfers are repeated under the same id', async () => {
    const client = await clientFor();
    vendors.failures.push(503);
    await client.createTransfer(TRANSFER);
    const { customerTransactionId: _, ...without } = TRANSFER;
    vendors.failures.push(503);
    await client.createTransfer(without as typeof TRANSFER);
    const ids = vendors.requests.map(({ body }) => JSON.parse(body).customerTransactionId);
    expect(ids).toEqual([
      TRANSFER.customerTransactionId,
      TRANSFER.customerTransactionId,
      ids[2],
      ids[2],
    ]);
    expect(ids[2]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('payments and other posts are not', async () => {
    const client = await clientFor();
    client.profileId = '12';
    const calls = [
      () => client.fundTransfer(6),
      () => client.createRecipient({} as never),
      () => client.post('/v1/accounts', {}),
    ];
    for (const call of calls) {
      vendors.requests.length = 0;
      vendors.failures.push(503);
      await expect(call()).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
      expect(vendors.requests).toHaveLength(1);
    }
  });
});
