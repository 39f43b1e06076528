// A test double of the Wise client as callers write it: an object literal. It is checked by the compiler
// and never run.

import type { WiseClient, WiseError } from '@cgk-platform/integrations';

export const double: WiseClient = {
  profileId: '1',
  sandboxMode: true,
  get: async <T>() => ({}) as T,
  post: async <T>(_path: string, _body: unknown) => ({}) as T,
  getBalances: async () => [],
  getProfiles: async () => [{ id: 1, type: 'business', details: { name: 'Rawdog' } }],
  createQuote: async ({ sourceCurrency, targetCurrency }) => ({
    id: 'q',
    sourceCurrency,
    targetCurrency,
    sourceAmount: 1,
    targetAmount: 1,
    rate: 1,
    fee: 0,
    expirationTime: '2026-01-01T00:30:00Z',
  }),
  createRecipient: async ({ accountHolderName, currency, type }) => ({
    id: 1,
    accountHolderName,
    currency,
    type,
    active: true,
  }),
  createTransfer: async () => {
    throw new Error('not in this test');
  },
  fundTransfer: async (_transferId: number) => ({ type: 'BALANCE', status: 'COMPLETED' }),
};

/** What a caller must act on. */
export function approvalOf(error: WiseError): string | undefined {
  return error.code === 'WISE_SCA_REQUIRED' ? error.approvalToken : error.errorCode;
}
