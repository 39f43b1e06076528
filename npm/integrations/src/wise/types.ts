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

/** A price for a transfer. */
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
  /** A UUID of the caller's: Wise makes one transfer for it, however often it is asked. */
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
