import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { bearer } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';

/** By the public key as text: the private ones. Made when they are needed, which takes a while. */
let keys: Map<string, KeyObject> | undefined;

function keyPairs(): Map<string, KeyObject> {
  keys ??= new Map(
    [0, 1].map(() => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return [publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(), privateKey];
    }),
  );
  return keys;
}

/** What Wise puts into `X-Signature-SHA256`. */
export function signatureOf(body: string, publicKey = publicKeyOf(0)): string {
  const privateKey = keyPairs().get(publicKey) as KeyObject;
  return sign('sha256', Buffer.from(body), privateKey).toString('base64');
}

function publicKeyOf(index: number): string {
  return [...keyPairs().keys()][index] as string;
}

const wise: TestedService<'wise'> = {
  input: (word) => ({ apiKey: `wise-${word}` }),
  vendor: {
    credential: bearer,
    answers: VENDOR_ANSWERS.wise,
    wrong: [401, { error: 'invalid_token' }],
    restricted: [403, { error: 'insufficient_scope' }],
  },
  account: {
    profiles: [
      { id: 11, type: 'personal', details: { firstName: 'Raw', lastName: 'Dog' } },
      { id: 12, type: 'business', details: { name: 'Rawdog' } },
    ],
  },
  refused: [
    [{ apiKey: 'w', sourceCurrency: 'OOP' }, 'must be an ISO 4217 currency code'],
    [{ apiKey: 'w', webhookSecret: 'oops' }, 'must be a whole RSA public key'],
  ],
  client: client('Wise', {
    call: (client) => client.getProfiles(),
    result: [{ id: 11 }, { id: 12 }],
    request: 'GET /v2/profiles',
  }),
  webhook: {
    get secret() {
      return publicKeyOf(0);
    },
    get otherSecret() {
      return publicKeyOf(1);
    },
    // As docs.wise.com has it under "Transfer state change event".
    body: JSON.stringify({
      data: {
        resource: { type: 'transfer', id: 111, profile_id: 222, account_id: 333 },
        current_state: 'processing',
        previous_state: 'incoming_payment_waiting',
        occurred_at: '2020-01-01T12:34:56Z',
      },
      subscription_id: '01234567-89ab-cdef-0123-456789abcdef',
      event_type: 'transfers#state-change',
      schema_version: '2.0.0',
      sent_at: '2020-01-01T12:34:56Z',
    }),
    headers: (body, secret) => ({ 'x-signature-sha256': signatureOf(body, secret) }),
  },
};

export default wise;
