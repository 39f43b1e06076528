import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { bearer, header } from '../kit/fake-vendor';
import { POISON_HEADERS } from '../kit/poison';
import { client, type TestedService } from '../kit/service';
import {
  BODY,
  OTHER_WEBHOOK_KEY,
  settles,
  standardWebhookHeaders,
  WEBHOOK_KEY,
} from '../kit/webhook-signing';

const anthropic: TestedService<'anthropic'> = {
  input: (word) => ({ apiKey: `sk-ant-${word}` }),
  vendor: {
    // The header of the documentation, or the one of the SDK since 1.0.
    credential: (request) => header('x-api-key')(request) ?? bearer(request),
    headers: { 'anthropic-organization-id': 'org_1' },
    answers: VENDOR_ANSWERS.anthropic,
    wrong: [401, { type: 'error', error: { type: 'authentication_error' } }],
    restricted: [403, { type: 'error', error: { type: 'permission_error' } }],
  },
  account: { accountId: 'org_1' },
  refused: [
    [{ apiKey: 'sk-oops' }, 'apiKey must start with sk-ant-'],
    [{ apiKey: 'sk-ant-admin01-oops' }, 'this is an admin key'],
    [{ apiKey: 'sk-ant-oat01-oops' }, 'this is an OAuth access token'],
  ],
  client: client('Anthropic', {
    call: async (client) => (await client.models.list()).data,
    result: [],
    request: 'GET /v1/models',
    get: (client, path) => client.get(path, { maxRetries: 0 }),
    refusal: 'Connection error',
    environment: {
      ANTHROPIC_API_KEY: 'poison',
      ANTHROPIC_AUTH_TOKEN: 'poison',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/poison',
      ANTHROPIC_CONFIG_DIR: '/poison',
      ANTHROPIC_CUSTOM_HEADERS: POISON_HEADERS,
      ANTHROPIC_FEDERATION_RULE_ID: 'poison',
      ANTHROPIC_IDENTITY_TOKEN: 'poison',
      ANTHROPIC_IDENTITY_TOKEN_FILE: '/poison',
      ANTHROPIC_LOG: 'poison',
      ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: 'content',
      ANTHROPIC_ORGANIZATION_ID: 'poison',
      ANTHROPIC_PROFILE: 'poison',
      ANTHROPIC_SCOPE: 'poison',
      ANTHROPIC_SERVICE_ACCOUNT_ID: 'poison',
      ANTHROPIC_WEBHOOK_SIGNING_KEY: 'poison',
      ANTHROPIC_WORKSPACE_ID: 'poison',
      XDG_CONFIG_HOME: '/poison',
    },
  }),
  sdk: {
    package: '@anthropic-ai/sdk',
    oldest: '0.14.0',
    newest: '1.14.0',
    call: "client.createMessage({ model: 'a-model', max_tokens: 5, messages: [] })",
    result: { id: 'msg_1' },
  },
  withoutSdk: {
    calls: [
      [
        "createMessage({ model: 'a-model', max_tokens: 1, messages: [] })",
        { id: 'msg_1', content: [{ type: 'text', text: 'Hello' }] },
      ],
    ],
    failing: 'createMessage({})',
    sdkMember: 'messages.create',
  },
  webhook: {
    secret: WEBHOOK_KEY,
    otherSecret: OTHER_WEBHOOK_KEY,
    body: BODY,
    headers: standardWebhookHeaders,
    accepts: (body, headers, key) => {
      const { Anthropic }: typeof import('@anthropic-ai/sdk') = require('@anthropic-ai/sdk');
      const { webhooks } = new Anthropic({ apiKey: 'sk-ant-signer' }).beta;
      return settles(() => webhooks.unwrap(body, { headers, key }));
    },
    toleranceSeconds: 300,
    listHeader: 'webhook-signature',
  },
};

export default anthropic;
