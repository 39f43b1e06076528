import { inspect } from 'node:util';
import type { CreateTransferParams } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Behaviour, type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { configureVault, KEY, newTenant, vault } from '../kit/vault';

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configureVault(KEY, { endpoints: vendors.endpoints, vendorTimeoutMs: 300 });
  tenant = await newTenant();
  vendors.requests.length = 0;
  vendors.failures.length = 0;
  vendors.answers.length = 0;
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
  expect(await client.fundTransfer('6')).toMatchObject({ status: 'COMPLETED' });
  expect(asked()).toEqual([
    'GET /v2/profiles',
    'GET /v4/profiles/12/balances?types=STANDARD',
    'GET /v2/profiles',
    'POST /v3/profiles/12/quotes',
    'POST /v1/accounts',
    'POST /v1/transfers',
    'POST /v3/profiles/12/transfers/6/payments',
    'POST /v3/profiles/12/transfers/6/payments',
  ]);
  expect(JSON.parse(vendors.requests[3]?.body ?? '')).toEqual(amounts);
  expect(JSON.parse(vendors.requests[6]?.body ?? '')).toEqual({ type: 'BALANCE' });
  expect(vendors.requests[0]?.headers.authorization).toBe('Bearer wise-right');
});

test('profiles have one form, whichever version answers', async () => {
  const client = await clientFor();
  const known = [
    { id: 11, type: 'personal', details: { firstName: 'Raw', lastName: 'Dog' } },
    { id: 12, type: 'business', details: { name: 'Rawdog' } },
  ];
  expect(await client.getProfiles()).toMatchObject(known);
  vendors.answers.push({ status: 200, body: known });
  expect(await client.getProfiles()).toEqual(known);
  for (const body of [{}, [null], [{ id: 12 }], [{ id: 'x', type: 'BUSINESS' }]]) {
    vendors.answers.push({ status: 200, body });
    await expect(client.getProfiles()).rejects.toMatchObject({ code: 'VENDOR_ANSWER_UNEXPECTED' });
  }
});

describe('a quote', () => {
  const amounts = { sourceCurrency: 'USD', targetCurrency: 'EUR', sourceAmount: 10 };
  /** An option in the form of docs.wise.com, "The Quote resource". */
  const option = (payIn: string, payOut: string, total: number) => ({
    payIn,
    payOut,
    fee: { transferwise: total, payIn: 0, discount: 0, partner: 0, total },
    sourceAmount: 10,
    targetAmount: 10 - total,
  });
  const quote = async (body: object) => {
    const client = await clientFor();
    client.profileId = '12';
    vendors.answers.push({ status: 200, body: { id: 'q', payOut: 'BANK_TRANSFER', ...body } });
    return client.createQuote(amounts);
  };

  test('has the fee of the way that fundTransfer pays, and the amount that arrives', async () => {
    const client = await clientFor();
    const found = await client.createQuote(amounts);
    expect(found).toMatchObject({ fee: 0.5, sourceAmount: 10, targetAmount: 8.55, rate: 0.9 });
    expect(found).toHaveProperty('paymentOptions.1.fee.total', 0.5);
  });

  test('has the fee of its way of paying out', async () => {
    const paymentOptions = [option('BALANCE', 'SWIFT', 5), option('BALANCE', 'BANK_TRANSFER', 2)];
    expect(await quote({ paymentOptions })).toMatchObject({ fee: 2, targetAmount: 8 });
  });

  test('takes the preferred way, then any, where the balance is none', async () => {
    const card = { ...option('CARD', 'BANK_TRANSFER', 3), disabled: true };
    const bank = option('BANK_TRANSFER', 'BANK_TRANSFER', 1);
    const paymentOptions = [card, bank];
    expect(await quote({ preferredPayIn: 'CARD', paymentOptions })).toMatchObject({ fee: 3 });
    expect(await quote({ paymentOptions })).toMatchObject({ fee: 1 });
  });

  test('keeps what Wise says itself, and makes no fee up', async () => {
    const paymentOptions = [option('BALANCE', 'BANK_TRANSFER', 2)];
    const own = { fee: 4, targetAmount: 6 };
    expect(await quote({ ...own, paymentOptions })).toMatchObject(own);
    const { fee: _, ...priced } = option('BALANCE', 'BANK_TRANSFER', 2);
    const price = { total: { type: 'TOTAL', value: { amount: 2.5, currency: 'USD' } } };
    expect(await quote({ paymentOptions: [{ ...priced, price }] })).toMatchObject({ fee: 2.5 });
    expect(await quote({})).not.toHaveProperty('fee');
  });
});

test('the recorded profile is used', async () => {
  await vault.saveTenantWiseConfig(tenant, { ...inputFor('wise'), sandboxMode: true });
  await vault.updateWiseConfigVerification(tenant, true, { profileId: '12' });
  const client = await vault.requireTenantWiseClient(tenant);
  expect([client.profileId, client.sandboxMode]).toEqual(['12', true]);
  await client.getBalances();
  expect(asked()).toEqual(['GET /v4/profiles/12/balances?types=STANDARD']);
});

test('sandbox tokens have an address of their own, or that of live ones', async () => {
  const input = { ...inputFor('wise'), sandboxMode: true };
  await vault.saveTenantWiseConfig(tenant, input);
  const live = { wise: vendors.endpoints.stripe, wise_sandbox: vendors.endpoints.wise };
  configureVault(KEY, { endpoints: live });
  await (await vault.requireTenantWiseClient(tenant)).getProfiles();
  configureVault(KEY, { endpoints: { wise: vendors.endpoints.wise } });
  await (await vault.requireTenantWiseClient(tenant)).getProfiles();
  expect(vendors.requests.map(({ service }) => service)).toEqual(['wise', 'wise']);
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
    expect(error).toMatchObject({ code });
    expect((error as { status?: number }).status).toBe(status);
    expect(String(error)).not.toContain(behaviour);
    expect(vendors.requests).toHaveLength(attempts);
    expect(vendors.elsewhere).toEqual([]);
  });

  // Forms of docs.wise.com: "Error handling" and "Funding errors".
  test.each<[string, number, object, object]>([
    [
      'a list',
      422,
      {
        errors: [
          {
            code: 'NOT_VALID',
            message: 'Please specify an IBAN: DE00 0000',
            path: 'IBAN',
            arguments: ['IBAN', 'DE00 0000'],
          },
        ],
      },
      {
        code: 'WISE_REQUEST_REFUSED',
        errorCode: 'NOT_VALID',
        errors: [{ code: 'NOT_VALID', path: 'IBAN', arguments: ['IBAN', 'DE00 0000'] }],
      },
    ],
    [
      'names and values',
      401,
      { error: 'invalid_token', error_description: '945fdc16-56cb-4039-90b4-998d583740ce' },
      {
        code: 'CREDENTIAL_INVALID',
        errorCode: 'invalid_token',
        errors: [{ code: 'invalid_token', message: '945fdc16-56cb-4039-90b4-998d583740ce' }],
      },
    ],
    [
      'a service’s own',
      403,
      { timestamp: '2026-01-01T00:00:00Z', status: 403, error: 'unauthorized', message: 'DE00' },
      { code: 'PERMISSION_MISSING', errorCode: 'unauthorized', errors: [{ message: 'DE00' }] },
    ],
    [
      'an error code',
      422,
      { errorCode: 'transfer.invalid-state', errorMessage: 'DE00' },
      { code: 'WISE_REQUEST_REFUSED', errorCode: 'transfer.invalid-state' },
    ],
    ['nothing', 422, {}, { code: 'WISE_REQUEST_REFUSED', errors: [] }],
    ['no list', 422, { errors: 'DE00' }, { code: 'WISE_REQUEST_REFUSED', errors: [] }],
  ])(
    'what Wise says of a refusal is kept, but not in the message: %s',
    async (_, status, body, expected) => {
      const client = await clientFor();
      vendors.answers.push({ status, body });
      const error = await client.post('/v1/accounts', {}).catch((error: unknown) => error);
      expect(error).toMatchObject({ status, ...expected });
      expect(String(error)).not.toMatch(/DE00|945fdc16/);
    },
  );

  test('a call that has to be approved gives the token, which no print shows, and can be made again', async () => {
    const client = await clientFor();
    const refused = {
      status: 403,
      headers: { 'x-2fa-approval-result': 'REJECTED', 'x-2fa-approval': 'one-time-token' },
      body: { status: 403, error: 'Forbidden', path: '/v3/profiles/12/transfers/6/payments' },
    };
    vendors.answers.push({ status: 200, body: [{ id: 12, type: 'business' }] }, refused);
    const error = await client.fundTransfer(6).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'WISE_SCA_REQUIRED', status: 403 });
    const { approvalToken } = error as { approvalToken?: string };
    expect(approvalToken).toBe('one-time-token');
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain('one-time-token');

    const headers = { 'x-2fa-approval': String(approvalToken), 'X-Signature': 'signed' };
    expect(await client.fundTransfer(6, headers)).toMatchObject({ status: 'COMPLETED' });
    await client.post('/v1/accounts', {}, headers);
    await client.get('/v2/profiles', headers);
    for (const request of vendors.requests.slice(-3)) {
      expect(request.headers).toMatchObject({
        'x-2fa-approval': 'one-time-token',
        'x-signature': 'signed',
      });
    }
  });

  test('headers of a caller do not replace the token, and are not quoted', async () => {
    const client = await clientFor();
    await client.get('/v2/profiles', { Authorization: 'Bearer other' });
    expect(vendors.requests[0]?.headers.authorization).toBe('Bearer wise-right');
    const error = await client
      .get('/v2/profiles', { 'x-signature': 'one\ntwo' })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'INPUT_INVALID' });
    expect(String(error)).not.toContain('two');
  });

  test('a payment that Wise rejects is no success, although the status is 200', async () => {
    const client = await clientFor();
    client.profileId = '12';
    const errorCode = 'balance.payment-option-unavailable';
    vendors.answers.push({ status: 200, body: { type: 'BALANCE', status: 'REJECTED', errorCode } });
    await expect(client.fundTransfer(6)).rejects.toMatchObject({
      code: 'WISE_FUNDING_REJECTED',
      status: 200,
      errorCode,
    });
  });

  test('an id that is none leads to no other path', async () => {
    const client = await clientFor();
    for (const id of ['', '..', '6/../7', '6?', 1.5, -1, Number.NaN]) {
      await expect(client.fundTransfer(id)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect(vendors.requests).toEqual([]);
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
    expect(asked()).toEqual(Array(3).fill('GET /v2/profiles'));
  });

  test('transfers are repeated under the same id', async () => {
    const client = await clientFor();
    vendors.failures.push(503);
    await client.createTransfer(TRANSFER);
    const ids = vendors.requests.map(({ body }) => JSON.parse(body).customerTransactionId);
    expect(ids).toEqual([TRANSFER.customerTransactionId, TRANSFER.customerTransactionId]);
  });

  test('a transfer without an id is refused: asked for again, it would pay twice', async () => {
    const client = await clientFor();
    const { customerTransactionId: _, ...without } = TRANSFER;
    // @ts-expect-error The type refuses it, too.
    const missing: CreateTransferParams = without;
    for (const params of [
      missing,
      { ...TRANSFER, customerTransactionId: '' },
      undefined as never,
    ]) {
      await expect(client.createTransfer(params)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        fields: { customerTransactionId: expect.any(String) },
      });
    }
    expect(vendors.requests).toEqual([]);
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
