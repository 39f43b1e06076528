import type { WiseQuote } from './types.js';

/** One way to pay, of a quote's `paymentOptions`. */
interface PaymentOption {
  disabled?: boolean;
  payIn?: string;
  payOut?: string;
  sourceAmount?: number;
  targetAmount?: number;
  fee?: { total?: number };
  price?: { total?: { value?: { amount?: number } } };
}

type QuoteAnswer = WiseQuote & {
  payOut?: string;
  preferredPayIn?: string;
  paymentOptions?: PaymentOption[];
};

/** How `fundTransfer` pays. */
const PAY_IN = 'BALANCE';

/** A quote with its fee and amounts where callers look for them: Wise has them in payment options. */
export function readQuote(quote: QuoteAnswer): WiseQuote {
  const { fee, price, ...option } = usedOption(quote) ?? {};
  const values = {
    sourceAmount: quote.sourceAmount ?? option.sourceAmount,
    targetAmount: quote.targetAmount ?? option.targetAmount,
    fee: quote.fee ?? fee?.total ?? price?.total?.value?.amount,
  };
  const known = Object.entries(values).filter(([, value]) => typeof value === 'number');
  return { ...quote, ...Object.fromEntries(known) };
}

function usedOption({ payOut, preferredPayIn, paymentOptions }: QuoteAnswer) {
  const options = Array.isArray(paymentOptions) ? paymentOptions : [];
  const fitting = options.filter((option) => payOut === undefined || option.payOut === payOut);
  return (
    fitting.find(({ payIn }) => payIn === PAY_IN) ??
    fitting.find(({ payIn }) => payIn === preferredPayIn) ??
    fitting.find(({ disabled }) => disabled !== true)
  );
}
