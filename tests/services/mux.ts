import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { password } from '../kit/fake-vendor';
import { POISON_HEADERS } from '../kit/poison';
import { client, type TestedService } from '../kit/service';
import { BODY, hex, seconds, settles } from '../kit/webhook-signing';

const KEYS = { apiKey: 'id', apiSecret: 'secret' };
const UUID = '00000000-0000-4000-8000-000000000000';

const mux: TestedService<'mux'> = {
  input: (word) => ({ apiKey: 'token-id', apiSecret: `secret-${word}` }),
  publicFields: ['apiKey'],
  vendor: {
    credential: password,
    answers: VENDOR_ANSWERS.mux,
    wrong: [401, { error: { type: 'unauthorized', messages: ['Unauthorized request'] } }],
    restricted: [403, { error: { type: 'forbidden' } }],
  },
  refused: [
    [{ apiKey: 'id', apiSecret: UUID }, 'this is a token ID'],
    [{ apiKey: 'oops'.repeat(19), apiSecret: 's' }, 'this looks like the token secret'],
    [{ ...KEYS, metadata: { webhookSecret: 'oops' } }, 'is stored unencrypted'],
  ],
  client: client('Mux', {
    call: (client) =>
      client.video.assets.create({ inputs: [{ url: 'https://example.com/a.mp4' }] } as never),
    result: { id: 'asset_1' },
    request: 'POST /video/v1/assets',
    get: (client, path) => client.get(path, { maxRetries: 0 }),
    refusal: 'Connection error',
    environment: {
      MUX_AUTHORIZATION_TOKEN: 'poison',
      MUX_BASE_URL: 'http://127.0.0.1:1/poison',
      MUX_CUSTOM_HEADERS: POISON_HEADERS,
      MUX_LOG: 'poison',
      MUX_PRIVATE_KEY: 'poison',
      MUX_SIGNING_KEY: 'poison',
      MUX_TOKEN_ID: 'poison',
      MUX_TOKEN_SECRET: 'poison',
      MUX_WEBHOOK_SECRET: 'poison',
    },
  }),
  sdk: {
    package: '@mux/mux-node',
    oldest: '8.0.0',
    newest: '15.3.0',
    call: "client.video.assets.create({ playback_policy: ['public'] })",
    result: { id: 'asset_1' },
  },
  webhook: {
    secret: 'mux-signing-secret',
    otherSecret: 'another',
    body: BODY,
    headers: (body, secret, at) => ({
      'mux-signature': `t=${seconds(at)},v1=${hex(secret, `${seconds(at)}.${body}`)}`,
    }),
    accepts: (body, headers, secret) => {
      const { Mux }: typeof import('@mux/mux-node') = require('@mux/mux-node');
      const { webhooks } = new Mux({ tokenId: 'id', tokenSecret: 'secret' });
      return settles(() => webhooks.unwrap(body, headers, secret));
    },
    toleranceSeconds: 300,
    hexHeader: ['mux-signature', 'v1'],
  },
};

export default mux;
