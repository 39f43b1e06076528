import { hmac, toHex, utf8 } from './bytes.js';
import { checkCandidates } from './candidates.js';
import { signatureInvalid, signatureMissing } from './refusal.js';
import { checkTime } from './time.js';
import type { Delivery, Finding } from './verification.js';

interface Scheme {
  header: string;
  /** The name that signatures have in the header. */
  signature: string;
  toleranceSeconds?: number;
}

/** `t=<seconds>,v1=<hex>,…` over `<seconds>.<body>`, as Stripe, Mux and ElevenLabs sign. */
export async function checkTimestamped(delivery: Delivery, scheme: Scheme): Promise<Finding> {
  const parts = delivery
    .header(scheme.header)
    .split(',')
    .map((part) => part.trim().split('=', 2));
  const named = (wanted: string) =>
    parts.filter(([name]) => name === wanted).map(([, value = '']) => value.toLowerCase());
  const [time, ...moreTimes] = named('t');
  const signatures = named(scheme.signature);
  if (time === undefined || signatures.length === 0) {
    throw signatureMissing(scheme.header);
  }
  if (moreTimes.length > 0) {
    // No vendor sends two, and which one is meant would be a guess.
    throw signatureInvalid();
  }
  checkTime(time, scheme.header, delivery.options, scheme.toleranceSeconds);
  await checkCandidates(signatures, /^[0-9a-f]{64}$/, async () => {
    const key = utf8(await delivery.secret());
    return toHex(await hmac('SHA-256', key, utf8(`${time}.`), delivery.body));
  });
  return {};
}
