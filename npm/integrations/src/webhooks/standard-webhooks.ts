import { type Bytes, fromBase64, hmac, toBase64, utf8 } from './bytes.js';
import { checkCandidates } from './candidates.js';
import { keyInvalid, signatureMissing } from './refusal.js';
import { checkTime } from './time.js';
import type { Delivery, Finding } from './verification.js';

const PREFIX = 'whsec_';

/**
 * The Standard Webhooks specification: `v1,<Base64>` signatures, separated by spaces, over
 * `<webhook-id>.<webhook-timestamp>.<body>`. Svix, whose scheme it was, sends `svix-` headers.
 */
export async function checkStandardWebhook(delivery: Delivery, name: string): Promise<Finding> {
  const prefix = delivery.header('webhook-signature') === '' ? 'svix' : 'webhook';
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((part) =>
    delivery.header(`${prefix}-${part}`),
  ) as [string, string, string];
  if (id === '' || signatures === '') {
    throw signatureMissing('webhook-id, webhook-timestamp or webhook-signature');
  }
  checkTime(time, 'webhook-timestamp', delivery.options);
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => signature.slice('v1,'.length));
  await checkCandidates(given, /^[A-Za-z0-9+/]{43}=$/, async () => {
    const key = keyOf(await delivery.secret());
    if (key.length === 0) {
      throw keyInvalid(name, 'a signing secret, which begins with whsec_');
    }
    return toBase64(await hmac('SHA-256', key, utf8(`${id}.${time}.`), delivery.body));
  });
  return { deliveryId: id };
}

/** The specification's form of a secret: Base64, after `whsec_`. */
function keyOf(secret: string): Bytes {
  return fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
}
