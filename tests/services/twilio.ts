import { TWILIO_ACCOUNT, VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { password } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';

const TWILIO_URL = 'https://shop.example.com/hooks/twilio?tenant=acme';

const twilio: TestedService<'twilio'> = {
  input: (word) => ({ apiKey: TWILIO_ACCOUNT, apiSecret: `token-${word}` }),
  publicFields: ['apiKey'],
  vendor: {
    credential: password,
    answers: VENDOR_ANSWERS.twilio,
    wrong: [401, { code: 20003, message: 'Authenticate' }],
    restricted: [401, { code: 70051, message: 'Authorization Failed' }],
  },
  account: {
    accountId: TWILIO_ACCOUNT,
    accountName: 'Rawdog',
    metadata: { status: 'active', type: 'Full' },
  },
  refused: [
    [{ apiKey: 'ACoops' }, 'apiKey must have 34 characters'],
    [{ apiKey: `AC${'oops'.repeat(8)}` }, 'hexadecimal digits after its prefix'],
    [{ apiKey: TWILIO_ACCOUNT, apiSecret: TWILIO_ACCOUNT }, 'this is an account SID'],
  ],
  client: client('Twilio', {
    call: (client) =>
      client.messages.create({ to: '+15005550006', from: '+15005550006', body: 'Hello' }),
    result: { sid: 'SM1' },
    request: `POST /2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`,
    needsNode: true,
    host: ({ edge, region, getHostname }) =>
      `https://${getHostname('api.twilio.com', edge as string, region as string)}`,
    environment: {
      TWILIO_ACCOUNT_SID: 'poison',
      TWILIO_AUTH_TOKEN: 'poison',
      TWILIO_CA_BUNDLE: '/poison',
      TWILIO_EDGE: 'poison',
      TWILIO_LOG_LEVEL: 'debug',
      TWILIO_REGION: 'poison',
    },
  }),
  sdk: {
    package: 'twilio',
    oldest: '3.84.1',
    newest: '6.3.1',
    call: "client.messages.create({ to: '+15005550006', from: '+15005550006', body: 'Hello' })",
    result: { sid: 'SM1' },
  },
  webhook: {
    secret: 'twilio-auth-token',
    otherSecret: 'another-token',
    body: 'MessageSid=SM1&From=%2B15550100&To=%2B15550101&Body=Gr%C3%BC%C3%9Fe+%26+mehr',
    url: TWILIO_URL,
    headers: (body, secret) => ({
      'x-twilio-signature': webhooks().getExpectedTwilioSignature(secret, TWILIO_URL, formOf(body)),
    }),
    accepts: async (body, headers, secret) => {
      const signature = headers['x-twilio-signature'] ?? '';
      return webhooks().validateRequest(secret, signature, TWILIO_URL, formOf(body));
    },
  },
};

function webhooks(): typeof import('twilio/lib/webhooks/webhooks') {
  return require('twilio/lib/webhooks/webhooks');
}

function formOf(body: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

export default twilio;
