import type { WiseProfile } from '../../types.js';

/** Headers of a request to Wise, such as `x-2fa-approval` and `X-Signature`. */
export type WiseHeaders = Readonly<Record<string, string>>;

/**
 * Wise's API, which has no official SDK. Calls reject with a `WiseError`, and with `INPUT_INVALID`
 * where an argument is wrong.
 */
export interface WiseClient {
  /** Profile that calls are made for; found out by the first call that needs it where it is `null`. */
  profileId: string | null;
  /** Whether the token belongs to Wise's sandbox. */
  readonly sandboxMode: boolean;
  /** `GET` of a path of the API, which begins with a slash. */
  get<T>(path: string, headers?: WiseHeaders): Promise<T>;
  /** `POST` to a path of the API, which begins with a slash. Never repeated. */
  post<T>(path: string, body: unknown, headers?: WiseHeaders): Promise<T>;
  /** The profile's balances. */
  getBalances(): Promise<WiseBalance[]>;
  /** The profiles that the token reaches. */
  getProfiles(): Promise<WiseProfile[]>;
  /** Asks for the price of a transfer. */
  createQuote(params: CreateQuoteParams): Promise<WiseQuote>;
  /** Makes a recipient. */
  createRecipient(params: CreateRecipientParams): Promise<WiseRecipient>;
  /** Makes a transfer; the same one if its `customerTransactionId` was used before. */
  createTransfer(params: CreateTransferParams): Promise<WiseTransfer>;
  /**
   * Pays for a transfer from the profile's balance. Rejects with `WISE_FUNDING_REJECTED` where Wise
   * does not pay, and with `WISE_SCA_REQUIRED` where the account's owner has to approve, which
   * personal tokens of accounts in the EU and the UK cannot do.
   */
  fundTransfer(transferId: number | string, headers?: WiseHeaders): Promise<WiseFundingResult>;
}

/** A balance of a Wise profile. */
export interface WiseBalance {
  id: number;
  currency: string;
  amount: { value: number; currency: string };
  type: string;
}

/** What a quote is asked for: one of the two amounts. */
export interface CreateQuoteParams {
  sourceCurrency: string;
  targetCurrency: string;
  sourceAmount?: number;
  targetAmount?: number;
  payOut?: 'BALANCE' | 'BANK_TRANSFER';
}

/**
 * A price for a transfer. `fee` is the total of the payment option that `fundTransfer` uses: from the
 * balance, to where the quote pays out. Wise's answer has more, such as every option's fees in
 * `paymentOptions`.
 */
export interface WiseQuote {
  id: string;
  sourceCurrency: string;
  targetCurrency: string;
  sourceAmount: number;
  targetAmount: number;
  rate: number;
  fee: number;
  expirationTime: string;
}

/** Who is to be paid. */
export interface CreateRecipientParams {
  currency: string;
  type: string;
  profile: number;
  accountHolderName: string;
  details: Record<string, unknown>;
}

/** Who can be paid. */
export interface WiseRecipient {
  id: number;
  accountHolderName: string;
  currency: string;
  type: string;
  active: boolean;
}

/** A payment. */
export interface CreateTransferParams {
  /** Id of the recipient. */
  targetAccount: number;
  quoteUuid: string;
  /**
   * A UUID of the caller's, kept with the order it pays: Wise makes one transfer for it, however often
   * it is asked. A call without one is refused, since repeating it would pay twice.
   */
  customerTransactionId: string;
  details?: { reference?: string; sourceOfFunds?: string };
}

/** A payment as Wise knows it. */
export interface WiseTransfer {
  id: number;
  user: number;
  targetAccount: number;
  sourceAccount: number | null;
  quote: string;
  quoteUuid: string;
  status: string;
  rate: number;
  created: string;
  sourceCurrency: string;
  sourceValue: number;
  targetCurrency: string;
  targetValue: number;
  customerTransactionId: string;
}

/** Whether a payment was paid for. */
export interface WiseFundingResult {
  type: string;
  status: string;
  errorMessage?: string;
}
