import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { bearer } from '../kit/fake-vendor';
import { POISON_HEADERS } from '../kit/poison';
import { client, type TestedService } from '../kit/service';
import {
  BODY,
  OTHER_WEBHOOK_KEY,
  settles,
  standardWebhookHeaders,
  WEBHOOK_KEY,
} from '../kit/webhook-signing';

const openai: TestedService<'openai'> = {
  input: (word) => ({ apiKey: `sk-${word}` }),
  vendor: {
    credential: bearer,
    headers: { 'openai-organization': 'org_2' },
    answers: VENDOR_ANSWERS.openai,
    wrong: [401, { error: { code: 'invalid_api_key', message: 'Incorrect API key provided' } }],
    restricted: [401, { error: { message: 'Missing scopes: api.model.read', code: null } }],
  },
  account: { accountId: 'org_2' },
  refused: [
    [{ apiKey: 'sk-ant-oops' }, 'apiKey: this is an Anthropic key'],
    [{ apiKey: 'sk-or-v1-oops' }, 'this is an OpenRouter key'],
    [{ apiKey: 'sk-admin-oops' }, 'this is an admin key'],
    [{ apiKey: 'sk-1', webhookSecret: 'wh_oops' }, 'this is the id of the webhook'],
    [{ apiKey: 'sk-1', metadata: { region: 'https://oops.example' } }, 'must be one of'],
  ],
  client: client('OpenAI', {
    call: async (client) => (await client.models.list()).data,
    result: [],
    request: 'GET /v1/models',
    host: ({ baseURL }) => baseURL,
    get: (client, path) => client.get(path, { maxRetries: 0 }),
    refusal: 'Connection error',
    environment: {
      OPENAI_ADMIN_KEY: 'poison',
      OPENAI_API_KEY: 'poison',
      OPENAI_API_VERSION: 'poison',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/poison',
      OPENAI_CUSTOM_HEADERS: POISON_HEADERS,
      OPENAI_LOG: 'poison',
      OPENAI_ORG_ID: 'poison',
      OPENAI_PROJECT_ID: 'poison',
      OPENAI_WEBHOOK_SECRET: 'poison',
      AZURE_OPENAI_API_KEY: 'poison',
      AZURE_OPENAI_ENDPOINT: 'http://127.0.0.1:1/poison',
    },
  }),
  sdk: {
    package: 'openai',
    oldest: '4.0.0',
    newest: '7.59.0',
    call: "client.createChatCompletion({ model: 'a-model', messages: [] })",
    result: { id: 'chat_1' },
  },
  withoutSdk: {
    calls: [
      ["createChatCompletion({ model: 'a-model', messages: [] })", { id: 'chat_1' }],
      ["createEmbedding('Hello')", { object: 'list' }],
    ],
    failing: 'createEmbedding("")',
    sdkMember: 'responses.create',
  },
  webhook: {
    secret: WEBHOOK_KEY,
    otherSecret: OTHER_WEBHOOK_KEY,
    body: BODY,
    headers: standardWebhookHeaders,
    accepts: (body, headers, secret) => {
      const { OpenAI }: typeof import('openai') = require('openai');
      const { webhooks } = new OpenAI({ apiKey: 'sk-signer' });
      return settles(() => webhooks.unwrap(body, headers, secret));
    },
    toleranceSeconds: 300,
    listHeader: 'webhook-signature',
  },
};

export default openai;
