import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { bearer } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';
import { BODY, seconds, settles } from '../kit/webhook-signing';

function sdk() {
  const Stripe: typeof import('stripe') = require('stripe');
  return new Stripe('sk_test_signer');
}

const stripe: TestedService<'stripe'> = {
  input: (word) => ({ secretKey: `sk_test_${word}` }),
  vendor: {
    credential: bearer,
    answers: VENDOR_ANSWERS.stripe,
    wrong: [401, { error: { type: 'invalid_request_error', message: 'Invalid API Key' } }],
    // https://docs.stripe.com/keys/restricted-api-keys
    restricted: [
      403,
      {
        error: {
          type: 'invalid_request_error',
          message:
            "The provided key does not have the required permissions for this endpoint on account 'acct_1'.",
        },
      },
    ],
  },
  account: { accountId: 'acct_1', accountName: 'Rawdog', accountCountry: 'US', livemode: false },
  refused: [
    [{ secretKey: 'pk_live_oops' }, 'secretKey: this is a publishable key'],
    [{ secretKey: 'whsec_oops' }, 'secretKey: this is a webhook signing secret'],
    [{ secretKey: 'oops' }, 'secretKey must start with sk_ or rk_'],
    [{ secretKey: 'sk_live_oops oops' }, 'secretKey: white space stands in it'],
    [
      { secretKey: 'sk_test_1', publishableKey: 'sk_test_oops' },
      'publishableKey: this is a secret key and would be stored unencrypted',
    ],
    [
      { secretKey: 'sk_test_oops', publishableKey: 'pk_live_oops' },
      'publishableKey is of live mode and secretKey of test mode',
    ],
    [{ secretKey: 'sk_org_live_oops' }, 'this is a key of an organization'],
    [{ secretKey: 'sk_1', webhookSecret: 'we_oops' }, 'this is the id of the webhook'],
  ],
  client: client('Stripe', {
    call: (client) => client.customers.create({ name: 'A' }),
    result: { id: 'cus_1' },
    request: 'POST /v1/customers',
    environment: { STRIPE_API_KEY: 'poison' },
  }),
  sdk: {
    package: 'stripe',
    oldest: '8.0.0',
    newest: '23.1.0',
    call: "client.customers.create({ name: 'A' })",
    result: { id: 'cus_1' },
  },
  webhook: {
    secret: 'whsec_stripe',
    otherSecret: 'whsec_other',
    body: BODY,
    headers: (payload, secret, at) => ({
      'stripe-signature': sdk().webhooks.generateTestHeaderString({
        payload,
        secret,
        timestamp: seconds(at),
      }),
    }),
    accepts: (body, headers, secret) =>
      settles(() => sdk().webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret)),
    toleranceSeconds: 300,
    hexHeader: ['stripe-signature', 'v1'],
  },
};

export default stripe;
