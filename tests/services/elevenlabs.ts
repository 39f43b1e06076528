import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { header } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';
import { hex, seconds, settles } from '../kit/webhook-signing';

const elevenlabs: TestedService<'elevenlabs'> = {
  input: (word) => ({ apiKey: `elevenlabs-${word}` }),
  vendor: {
    credential: header('xi-api-key'),
    answers: VENDOR_ANSWERS.elevenlabs,
    wrong: [401, { detail: { status: 'invalid_api_key', message: 'Invalid API key' } }],
    restricted: [401, { detail: { status: 'missing_permissions', message: 'user_read' } }],
  },
  account: { accountId: 'user_1', accountName: 'Rawdog', metadata: { tier: 'free' } },
  client: client('ElevenLabs', {
    call: (client) => client.models.list(),
    result: [{ modelId: 'eleven_v3' }],
    request: 'GET /v1/models',
    needsNode: true,
    host: (client) => (client as unknown as { _options: { baseUrl: string } })._options.baseUrl,
    environment: { ELEVENLABS_API_KEY: 'poison' },
  }),
  sdk: {
    package: '@elevenlabs/elevenlabs-js',
    oldest: '2.0.1',
    newest: '2.73.0',
    call: 'client.models.list()',
    result: [{ modelId: 'eleven_v3' }],
  },
  webhook: {
    secret: 'wsec_elevenlabs',
    otherSecret: 'wsec_other',
    body: JSON.stringify({ type: 'post_call_transcription', event_timestamp: 1, data: {} }),
    headers: (body, secret, at) => ({
      'elevenlabs-signature': `t=${seconds(at)},v0=${hex(secret, `${seconds(at)}.${body}`)}`,
    }),
    accepts: (body, headers, secret) => {
      const sdk: typeof import('@elevenlabs/elevenlabs-js') = require('@elevenlabs/elevenlabs-js');
      const { webhooks } = new sdk.ElevenLabsClient({ apiKey: 'signer' });
      return settles(() =>
        webhooks.constructEvent(body, headers['elevenlabs-signature'] ?? '', secret),
      );
    },
    toleranceSeconds: 1_800,
    hexHeader: ['elevenlabs-signature', 'v0'],
  },
};

export default elevenlabs;
