import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { user } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';
import { BODY, hex, settles } from '../kit/webhook-signing';

const easypost: TestedService<'easypost'> = {
  input: (word) => ({ apiKey: `EZAK-${word}` }),
  vendor: {
    credential: user,
    answers: VENDOR_ANSWERS.easypost,
    wrong: [401, { error: { code: 'APIKEY.INACTIVE', message: 'This api key is inactive' } }],
    restricted: [403, { error: { code: 'FORBIDDEN', message: 'Forbidden' } }],
  },
  client: client('EasyPost', {
    call: (client, { onEdge }) =>
      onEdge ? client.getTracker('trk_1') : client.Tracker.retrieve('trk_1'),
    result: { id: 'trk_1' },
    request: 'GET /v2/trackers/trk_1',
    memberOnNode: 'Tracker',
  }),
  sdk: {
    package: '@easypost/api',
    oldest: '4.0.0',
    newest: '8.9.0',
    call: "client.getTracker((await client.createTracker('EZ1000000001')).id)",
    result: { id: 'trk_1' },
  },
  withoutSdk: {
    calls: [
      ["createTracker('EZ4000000004')", { id: 'trk_1' }],
      ["getTracker('trk_1')", { status: 'delivered' }],
      ["trackShipment('EZ4000000004', 'UPS')", { id: 'trk_1' }],
    ],
    failing: 'getTracker("1")',
    sdkMember: 'Shipment.create',
  },
  webhook: {
    // Not in Unicode's form NFKD, in which EasyPost signs.
    secret: 'sécret-ﬁrst',
    otherSecret: 'secret-first',
    body: BODY,
    headers: (body, secret) => ({
      'x-hmac-signature': `hmac-sha256-hex=${hex(secret.normalize('NFKD'), body)}`,
    }),
    accepts: (body, headers, secret) => {
      const EasyPost: typeof import('@easypost/api').default = require('@easypost/api');
      const { Utils } = new EasyPost('EZTK-signer');
      return settles(() => Utils.validateWebhook(Buffer.from(body), headers, secret));
    },
  },
};

export default easypost;
