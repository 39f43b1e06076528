import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { bearer } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';
import { BODY, OTHER_WEBHOOK_KEY, seconds, settles, WEBHOOK_KEY } from '../kit/webhook-signing';

const resend: TestedService<'resend'> = {
  input: (word) => ({ apiKey: `re_${word}` }),
  vendor: {
    credential: bearer,
    answers: VENDOR_ANSWERS.resend,
    wrong: [401, { statusCode: 401, name: 'validation_error', message: 'API key is invalid' }],
    restricted: [401, { statusCode: 401, name: 'restricted_api_key', message: 'Sending only' }],
  },
  account: { domains: ['mail.example.com'] },
  refused: [
    [{ apiKey: 'sk_oops' }, 'apiKey must start with re_'],
    [{ apiKey: 're_1', defaultFromEmail: 'oops' }, 'must be an e-mail address'],
    [{ apiKey: 're_1', defaultReplyTo: 'a@oops' }, 'must be an e-mail address'],
    [{ apiKey: 're_1', defaultFromName: 'oops\r\nBcc: x' }, 'text on one line'],
  ],
  client: client('Resend', {
    call: (client) =>
      client.emails.send({
        from: 'a@example.com',
        to: 'b@example.com',
        subject: 'Hello',
        text: 'Hello',
      }),
    result: { data: { id: 'email_1' }, error: null },
    request: 'POST /emails',
    environment: {
      RESEND_API_KEY: 'poison',
      RESEND_BASE_URL: 'http://127.0.0.1:1/poison',
      RESEND_DEBUG: 'true',
      RESEND_USER_AGENT: 'poison',
    },
  }),
  sdk: {
    package: 'resend',
    oldest: '1.0.0',
    newest: '6.38.0',
    call: "client.emails.send({ from: 'a@example.com', to: 'b@example.com', subject: 'Hello', text: 'Hello' })",
    result: { data: { id: 'email_1' } },
  },
  webhook: {
    secret: WEBHOOK_KEY,
    otherSecret: OTHER_WEBHOOK_KEY,
    body: BODY,
    headers: (body, secret, at) => {
      const { Webhook }: typeof import('svix') = require('svix');
      return {
        'svix-id': 'msg_1',
        'svix-timestamp': String(seconds(at)),
        'svix-signature': new Webhook(secret).sign('msg_1', at, body),
      };
    },
    accepts: (payload, headers, webhookSecret) => {
      const { Resend }: typeof import('resend') = require('resend');
      return settles(() =>
        new Resend('re_signer').webhooks.verify({
          payload,
          headers: {
            id: headers['svix-id'] ?? '',
            timestamp: headers['svix-timestamp'] ?? '',
            signature: headers['svix-signature'] ?? '',
          },
          webhookSecret,
        }),
      );
    },
    toleranceSeconds: 300,
    listHeader: 'svix-signature',
  },
};

export default resend;
