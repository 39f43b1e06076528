import { inspect } from 'node:util';
import type { TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type OpenAI from 'openai';
import { CALLS, GET, REQUIRE } from '../kit/client-calls';
import { sql } from '../kit/database';
import {
  type FakeVendors,
  inputFor,
  R2_ACCOUNT,
  startFakeVendors,
  TWILIO_ACCOUNT,
} from '../kit/fake-vendors';
import { VERSION } from '../kit/package-version';
import {
  configureVault,
  KEY,
  newTenant,
  ON_EDGE,
  rejection,
  saveCredential,
  vault,
} from '../kit/vault';

const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);
/** Services whose SDKs do not run on the edge runtime, and which have no other client. */
const NEED_NODE: TenantService[] = ['elevenlabs', 'twilio'];
const WITH_CLIENT = SERVICES.filter((service) => !(ON_EDGE && NEED_NODE.includes(service)));

/** Headers that would replace a tenant's key. */
const POISON_HEADERS = [
  'Authorization: Bearer poison',
  'x-api-key: poison',
  'api-key: poison',
  'OpenAI-Organization: poison',
  'x-poison: poison',
].join('\n');

/** Each variable that the SDKs read, all majors, as their sources name them. */
const POISON: Record<string, string> = {
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
  MUX_AUTHORIZATION_TOKEN: 'poison',
  MUX_BASE_URL: 'http://127.0.0.1:1/poison',
  MUX_CUSTOM_HEADERS: POISON_HEADERS,
  MUX_LOG: 'poison',
  MUX_PRIVATE_KEY: 'poison',
  MUX_SIGNING_KEY: 'poison',
  MUX_TOKEN_ID: 'poison',
  MUX_TOKEN_SECRET: 'poison',
  MUX_WEBHOOK_SECRET: 'poison',
  RESEND_API_KEY: 'poison',
  RESEND_BASE_URL: 'http://127.0.0.1:1/poison',
  RESEND_DEBUG: 'true',
  RESEND_USER_AGENT: 'poison',
  TWILIO_ACCOUNT_SID: 'poison',
  TWILIO_AUTH_TOKEN: 'poison',
  TWILIO_CA_BUNDLE: '/poison',
  TWILIO_EDGE: 'poison',
  TWILIO_LOG_LEVEL: 'debug',
  TWILIO_REGION: 'poison',
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  https_proxy: 'http://127.0.0.1:1',
  ELEVENLABS_API_KEY: 'poison',
  STRIPE_API_KEY: 'poison',
  XDG_CONFIG_HOME: '/poison',
  AWS_ACCESS_KEY_ID: 'poison',
  AWS_SECRET_ACCESS_KEY: 'poison',
  AWS_SESSION_TOKEN: 'poison',
  AWS_ACCOUNT_ID_ENDPOINT_MODE: 'poison',
  AWS_AUTH_SCHEME_PREFERENCE: 'poison',
  AWS_CONFIG_FILE: '/poison',
  AWS_DEFAULTS_MODE: 'poison',
  AWS_DEFAULT_REGION: 'poison',
  AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'poison',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1/poison',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1/poison',
  AWS_MAX_ATTEMPTS: 'poison',
  AWS_PROFILE: 'poison',
  AWS_REGION: 'poison',
  AWS_REQUEST_CHECKSUM_CALCULATION: 'poison',
  AWS_RESPONSE_CHECKSUM_VALIDATION: 'poison',
  AWS_RETRY_MODE: 'poison',
  AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'poison',
  AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'poison',
  AWS_S3_USE_ARN_REGION: 'poison',
  AWS_SDK_UA_APP_ID: 'poison',
  AWS_SHARED_CREDENTIALS_FILE: '/poison',
  AWS_SIGV4A_SIGNING_REGION_SET: 'poison',
  AWS_USE_DUALSTACK_ENDPOINT: 'true',
  AWS_USE_FIPS_ENDPOINT: 'true',
};

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
  configureVault(KEY, { endpoints: vendors.endpoints });
});
afterAll(() => vendors.close());
beforeEach(async () => {
  tenant = await newTenant();
  vendors.requests.length = 0;
  vendors.elsewhere.length = 0;
});

describe.each(SERVICES)('%s', (service) => {
  test('not configured', async () => {
    const { displayName } = vault.SERVICE_CATALOG.find(({ id }) => id === service) ?? {};
    expect(await GET[service](tenant)).toBeNull();
    expect(await rejection(REQUIRE[service](tenant))).toEqual([
      'NOT_CONFIGURED',
      `${displayName} is not configured for tenant: ${tenant}`,
    ]);
  });

  test('a row under another key is not "not configured"', async () => {
    await saveCredential(tenant, service, inputFor(service));
    const encryptionKey = 'another-master-key-0123456789abcdef';
    configureVault(KEY, { endpoints: vendors.endpoints, encryptionKey });
    try {
      expect((await rejection(GET[service](tenant)))[0]).toBe('DECRYPTION_FAILED');
    } finally {
      configureVault(KEY, { endpoints: vendors.endpoints });
    }
  });

  test('an unknown tenant and no slug', async () => {
    expect((await rejection(GET[service]('nobody')))[0]).toBe('TENANT_NOT_FOUND');
    expect((await rejection(GET[service]('Not A Slug')))[0]).toBe('TENANT_INVALID');
    expect((await rejection(GET[service]([tenant] as never)))[0]).toBe('TENANT_INVALID');
  });
});

describe.each(WITH_CLIENT)('%s', (service) => {
  test('the SDK works with the tenant’s credential', async () => {
    await saveCredential(tenant, service, inputFor(service));
    const [call, result, request] = CALLS[service];
    expect(await call(tenant)).toEqual(result);
    const asked = vendors.requests.filter((request) => request.service === service);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([request]);
  });

  test('one client for a burst, and until something changes', async () => {
    await saveCredential(tenant, service, inputFor(service));
    const burst = await Promise.all(Array.from({ length: 20 }, () => GET[service](tenant)));
    // On the edge a call does not wait for what another request began.
    expect(new Set(burst).size).toBe(ON_EDGE ? 20 : 1);
    const client = await GET[service](tenant);
    expect(client).toBe(burst[19]);
    await saveCredential(tenant, service, inputFor(service));
    expect(await GET[service](tenant)).not.toBe(client);
  });

  test('a client shows no secret when it is printed', async () => {
    await saveCredential(tenant, service, inputFor(service));
    const client = await GET[service](tenant);
    expect(inspect(client, { depth: 9, showHidden: false })).not.toContain('right');
    expect(JSON.stringify({ client })).not.toContain('right');
    expect(String(inspect(client))).toContain(`client of tenant ${tenant}`);
  });
});

const testOnEdge = ON_EDGE ? test : test.skip;

testOnEdge.each(NEED_NODE)('%s: its SDK needs Node', async (service) => {
  await saveCredential(tenant, service, inputFor(service));
  expect(await rejection(GET[service](tenant))).toEqual([
    'SDK_UNSUPPORTED',
    expect.stringMatching(/use its client in a function that runs on Node$/),
  ]);
});

const testOnNode = ON_EDGE ? test.skip : test;

testOnEdge.each([
  ['AssemblyAI', 'assemblyai', vault.requireTenantAssemblyAIClient, 'transcripts'],
  ['EasyPost', 'easypost', vault.requireTenantEasyPostClient, 'Tracker'],
] as const)(
  '%s: a member of an SDK that does not run says so',
  async (_, service, require, name) => {
    await saveCredential(tenant, service, inputFor(service));
    const client: object = await require(tenant);
    expect(() => Reflect.get(client, name)).toThrow(
      expect.objectContaining({
        code: 'SDK_UNSUPPORTED',
        message: expect.stringMatching(/use its client in a function that runs on Node$/),
      }),
    );
  },
);

describe('the methods that callers had before', () => {
  test('Anthropic', async () => {
    await saveCredential(tenant, 'anthropic', inputFor('anthropic'));
    const client = await vault.requireTenantAnthropicClient(tenant);
    expect(client.apiKey).toBe('sk-ant-right');
    const params = { model: 'a-model', max_tokens: 5, messages: [] };
    const message = await client.createMessage(params);
    expect(message).toMatchObject({ id: 'msg_1', content: [{ type: 'text', text: 'Hello' }] });
    expect(JSON.parse(vendors.requests[0]?.body ?? '')).toMatchObject(params);
  });

  test('OpenAI', async () => {
    await saveCredential(tenant, 'openai', inputFor('openai'));
    const client = await vault.requireTenantOpenAIClient(tenant);
    expect(client.apiKey).toBe('sk-right');
    const completion = await client.createChatCompletion({ model: 'a-model', messages: [] });
    expect(completion.choices[0]?.message.content).toBe('Hello');
    const embedding = await client.createEmbedding('Hello');
    expect(embedding).toMatchObject({ object: 'list', usage: { total_tokens: 1 } });
    expect([...(embedding.data[0]?.embedding ?? [])]).toEqual([0.5]);
    expect(JSON.parse(vendors.requests[1]?.body ?? '')).toMatchObject({
      input: 'Hello',
      model: 'text-embedding-3-small',
    });
  });

  test('AssemblyAI', async () => {
    await saveCredential(tenant, 'assemblyai', inputFor('assemblyai'));
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    expect(client.apiKey).toBe('assemblyai-right');
    const url = 'https://example.com/a.mp3';
    const submitted = await client.transcribe(url, { speaker_labels: true });
    expect(submitted).toMatchObject({ id: 'transcript_1', status: 'queued' });
    expect(JSON.parse(vendors.requests[0]?.body ?? '')).toMatchObject({
      audio_url: url,
      speaker_labels: true,
    });
    expect(await client.getTranscript('transcript_1')).toMatchObject({ text: 'Hello' });
  });

  test('EasyPost', async () => {
    await saveCredential(tenant, 'easypost', inputFor('easypost'));
    const client = await vault.requireTenantEasyPostClient(tenant);
    expect(client.apiKey).toBe('EZAK-right');
    expect(await client.createTracker('EZ4000000004')).toMatchObject({ id: 'trk_1' });
    expect(await client.trackShipment('EZ4000000004', 'UPS')).toMatchObject({ carrier: 'USPS' });
    expect(JSON.parse(vendors.requests[1]?.body ?? '')).toEqual({
      tracker: { tracking_code: 'EZ4000000004', carrier: 'UPS' },
    });
    expect(await client.getTracker('trk_1')).toMatchObject({ status: 'delivered' });
  });
});

describe('AssemblyAI transcribes what is on the web', () => {
  test.each([
    '/etc/hostname',
    'file:///etc/hostname',
    'file:/etc/hostname',
    'data:audio/mp3;base64,AAAA',
    'http',
    'https.mp3',
    'ftp://example.com/a.mp3',
    '',
    undefined,
    { path: '/etc/hostname' },
  ])('and not a file of the server’s: %j', async (audioUrl) => {
    await saveCredential(tenant, 'assemblyai', inputFor('assemblyai'));
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    expect(await rejection(client.transcribe(audioUrl as string))).toEqual([
      'INPUT_INVALID',
      'transcribe: the audio must be an http or https URL',
    ]);
    expect(vendors.requests).toEqual([]);
  });

  test('nor one that is named in an option', async () => {
    await saveCredential(tenant, 'assemblyai', inputFor('assemblyai'));
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    const options = { audio: '/etc/hostname', audio_url: 'file:///etc/hostname' } as object;
    await client.transcribe('HTTPS://example.com/a.mp3', options);
    const [request, ...more] = vendors.requests;
    expect(more).toEqual([]);
    expect(JSON.parse(request?.body ?? '')).toEqual({ audio_url: 'https://example.com/a.mp3' });
  });

  test('an id is no path', async () => {
    await saveCredential(tenant, 'assemblyai', inputFor('assemblyai'));
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    await expect(client.getTranscript('../account')).rejects.toThrow();
    expect(vendors.requests[0]?.url).toBe('/v2/transcript/..%2Faccount');
  });
});

describe('checkEasyPostTrackingStatus', () => {
  test('tells in short where a parcel is', async () => {
    await saveCredential(tenant, 'easypost', inputFor('easypost'));
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ4000000004')).toEqual({
      delivered: true,
      inTransit: false,
      status: 'delivered',
      statusDetail: 'arrived_at_destination',
      estimatedDelivery: '2026-01-02T00:00:00Z',
      signedBy: 'Front desk',
      trackingUrl: 'https://track.easypost.com/trk_1',
    });
    expect(vendors.requests[0]?.body).toContain('"carrier":"USPS"');
  });

  test('never rejects, and names no tenant', async () => {
    const nowhere = { delivered: false, inTransit: false };
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...nowhere,
      status: 'unknown',
      statusDetail: 'EasyPost is not connected',
    });
    await saveCredential(tenant, 'easypost', inputFor('easypost', 'wrong'));
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost could not track the parcel',
    });
    expect(await vault.checkEasyPostTrackingStatus('nosuchtenant', 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost cannot be used (TENANT_NOT_FOUND)',
    });
    expect(await vault.checkEasyPostTrackingStatus('Not A Slug', 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost cannot be used (TENANT_INVALID)',
    });
  });
});

describe('Google’s Places API (New) and Routes API', () => {
  const request = () => {
    const { method, url, headers, body } = vendors.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ 'x-goog-api-key': 'AIza-right' });
    return [`${method} ${url}`, headers?.['x-goog-fieldmask'], body ? JSON.parse(body) : undefined];
  };

  test('places', async () => {
    await saveCredential(tenant, 'google_maps', inputFor('google_maps'));
    const { places } = await vault.requireTenantGoogleMapsClient(tenant);
    const search = { textQuery: 'pizza', languageCode: 'en' };
    const fields = ['places.id', 'places.displayName'];
    expect(await places.searchText(search, fields)).toEqual({ places: [{ id: 'place_1' }] });
    expect(request()).toEqual(['POST /v1/places:searchText', fields.join(','), search]);

    const center = { latitude: 37.4, longitude: -122.1 };
    const nearby = { locationRestriction: { circle: { center, radius: 500 } } };
    expect(await places.searchNearby(nearby, '*')).toEqual({ places: [{ id: 'place_1' }] });
    expect(request()).toEqual(['POST /v1/places:searchNearby', '*', nearby]);

    expect(await places.autocomplete({ input: 'piz' })).toEqual({
      suggestions: [{ placePrediction: { placeId: 'place_1' } }],
    });
    expect(request()).toEqual(['POST /v1/places:autocomplete', undefined, { input: 'piz' }]);

    const id = 'ChIJj61dQgK6j4AR4GeTYWZsWWw';
    expect(await places.get(id, ['id'], { languageCode: 'de' })).toEqual({ id });
    expect(request()).toEqual([`GET /v1/places/${id}?languageCode=de`, 'id', undefined]);
  });

  test('routes', async () => {
    await saveCredential(tenant, 'google_maps', inputFor('google_maps'));
    const { routes } = await vault.requireTenantGoogleMapsClient(tenant);
    const [origin, destination] = [{ address: 'A' }, { placeId: 'place_1' }];
    const way = { origin, destination, travelMode: 'DRIVE' as const };
    expect(await routes.computeRoutes(way, ['routes.duration'])).toEqual({
      routes: [{ distanceMeters: 772, duration: '165s' }],
    });
    expect(request()).toEqual(['POST /directions/v2:computeRoutes', 'routes.duration', way]);

    const matrix = { origins: [{ waypoint: origin }], destinations: [{ waypoint: destination }] };
    const [element] = await routes.computeRouteMatrix(matrix, ['duration', 'condition']);
    expect(element).toMatchObject({ condition: 'ROUTE_EXISTS', duration: '165s' });
    expect(request()).toEqual([
      'POST /distanceMatrix/v2:computeRouteMatrix',
      'duration,condition',
      matrix,
    ]);
  });

  test.each([
    ['wrong', 'CREDENTIAL_INVALID', 400],
    ['restricted', 'PERMISSION_MISSING', 403],
    ['throttled', 'VENDOR_RATE_LIMITED', 429],
    ['broken', 'VENDOR_ERROR', 500],
    ['html', 'VENDOR_ANSWER_UNEXPECTED', 200],
    ['malformed', 'VENDOR_ANSWER_UNEXPECTED', 200],
    ['redirected', 'VENDOR_ANSWER_UNEXPECTED', 302],
  ] as const)('%s: %s', async (behaviour, code, status) => {
    await saveCredential(tenant, 'google_maps', inputFor('google_maps', behaviour));
    const { places } = await vault.requireTenantGoogleMapsClient(tenant);
    const error = await places.autocomplete({ input: 'piz' }).catch((error) => error);
    expect(error).toMatchObject({ code, status });
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('AIza-');
    expect(vendors.elsewhere).toEqual([]);
  });
});

describe('what else a credential says', () => {
  test('OpenAI’s organization and project', async () => {
    await saveCredential(tenant, 'openai', {
      ...inputFor('openai'),
      metadata: { organization: 'org-1', project: 'proj_1' },
    });
    await (await vault.requireTenantOpenAIClient(tenant)).createEmbedding('Hello');
    expect(vendors.requests[0]?.headers).toMatchObject({
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
    });
  });

  testOnNode('Twilio’s account, where the key is an API key', async () => {
    await saveCredential(tenant, 'twilio', {
      apiKey: 'SK0123456789abcdef0123456789abcdef',
      apiSecret: 'token-right',
      metadata: { accountSid: TWILIO_ACCOUNT },
    });
    expect(await CALLS.twilio[0](tenant)).toMatchObject({ sid: 'SM1' });
    const { url, headers } = vendors.requests[0] ?? {};
    expect(url).toBe(`/2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`);
    expect(atob(headers?.authorization?.split(' ')[1] ?? '')).toBe(
      'SK0123456789abcdef0123456789abcdef:token-right',
    );
  });
});

/** Where a client of an SDK sends its requests. */
const HOST_OF: Partial<Record<TenantService, (tenant: string) => Promise<string>>> = {
  openai: async (tenant) => (await vault.requireTenantOpenAIClient(tenant)).baseURL,
  elevenlabs: async (tenant) => {
    const client = await vault.requireTenantElevenLabsClient(tenant);
    return (client as unknown as { _options: { baseUrl: string } })._options.baseUrl;
  },
  assemblyai: async (tenant) => {
    const { transcripts } = await vault.requireTenantAssemblyAIClient(tenant);
    return (transcripts as unknown as { params: { baseUrl: string } }).params.baseUrl;
  },
  cloudflare_r2: async (tenant) => {
    const { config } = await vault.requireTenantCloudflareR2Client(tenant);
    const { protocol, hostname } = (await config.endpoint?.()) ?? {};
    return `${protocol}//${hostname}`;
  },
  twilio: async (tenant) => {
    const { edge, region, getHostname } = await vault.requireTenantTwilioClient(tenant);
    return `https://${getHostname('api.twilio.com', edge as string, region as string)}`;
  },
};

describe('a region', () => {
  const regional = vault.SERVICE_CATALOG.filter(({ regions }) => regions.length > 0);

  test('every service that has regions is looked at', () => {
    expect(regional.map(({ id }) => id).sort()).toEqual(Object.keys(HOST_OF).sort());
  });

  testOnNode.each(
    regional.flatMap(({ id, regionField, regions }) =>
      regions.map(({ value, endpoint }) => ({ id, regionField, value, endpoint })),
    ),
  )('$id is asked in the region $value', async ({ id, regionField, value, endpoint }) => {
    configureVault(KEY);
    try {
      const input = inputFor(id) as { metadata?: object };
      const metadata = { ...input.metadata, [regionField?.replace('metadata.', '') ?? '']: value };
      await saveCredential(tenant, id, { ...input, metadata });
      const host = await HOST_OF[id]?.(tenant);
      expect(`${host}/`).toContain(`${endpoint.replace('{metadata.accountId}', R2_ACCOUNT)}/`);
    } finally {
      configureVault(KEY, { endpoints: vendors.endpoints });
    }
  });
});

test('Stripe is asked by a pinned version, and told of nothing else', async () => {
  await saveCredential(tenant, 'stripe', inputFor('stripe'));
  const stripe = await vault.requireTenantStripeClient(tenant);
  await stripe.customers.create({ name: 'A' });
  await stripe.customers.create({ name: 'B' });
  for (const { headers } of vendors.requests) {
    expect(headers['stripe-version']).toMatch(/^\d{4}-\d\d-\d\d/);
    expect(headers['user-agent']).toContain(`@cgk-platform/integrations/${VERSION}`);
    // The second request would tell how long the first took.
    expect(headers).not.toHaveProperty('x-stripe-client-telemetry');
  }
});

describe('who mail comes from', () => {
  test.each([
    [{}, null],
    [{ defaultFromName: 'Rawdog' }, null],
    [{ defaultFromEmail: 'shop@example.com' }, { from: 'shop@example.com' }],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Rawdog', defaultReplyTo: 'a@b.co' },
      { from: 'Rawdog <shop@example.com>', replyTo: 'a@b.co' },
    ],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Raw "dog", <Inc.>' },
      { from: '"Raw \\"dog\\", <Inc.>" <shop@example.com>' },
    ],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Müller & Söhne' },
      { from: 'Müller & Söhne <shop@example.com>' },
    ],
  ])('%j', async (fields, sender) => {
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_right', ...fields });
    expect(await vault.getTenantResendSenderConfig(tenant)).toEqual(sender);
  });
});

test('whether something is configured', async () => {
  const has = () =>
    Promise.all([
      vault.hasTenantStripeConfig(tenant),
      vault.hasTenantResendConfig(tenant),
      vault.hasTenantWiseConfig(tenant),
      vault.hasTenantServiceConfig(tenant, 'mux'),
    ]);
  expect(await has()).toEqual([false, false, false, false]);
  for (const service of ['stripe', 'resend', 'wise', 'mux'] as const) {
    await saveCredential(tenant, service, inputFor(service));
  }
  expect(await has()).toEqual([true, true, true, true]);
  await vault.deleteTenantStripeConfig(tenant);
  expect(await has()).toEqual([false, true, true, true]);
  expect(await vault.hasTenantServiceConfig(tenant, 'paypal' as never)).toBe(false);
  const unknown = vault.hasTenantServiceConfig(tenant, 'No Name' as never);
  expect((await rejection(unknown))[0]).toBe('SERVICE_UNKNOWN');
});

test('a service connected without its second secret has no client', async () => {
  await saveCredential(tenant, 'mux', { apiKey: 'id' });
  expect(await vault.getTenantMuxClient(tenant)).toBeNull();
  expect((await rejection(vault.requireTenantMuxClient(tenant)))[0]).toBe('NOT_CONFIGURED');
  const r2 = { apiKey: 'id', apiSecret: 'secret', metadata: { bucket: 'media' } };
  await saveCredential(tenant, 'cloudflare_r2', r2);
  const [code, message] = await rejection(vault.getTenantCloudflareR2Client(tenant));
  expect([code, message]).toEqual([
    'CREDENTIAL_INCOMPLETE',
    'Cloudflare R2 is connected without its Account ID: save it as metadata.accountId',
  ]);
});

test.each(WITH_CLIENT)(
  '%s: a stored key that no header takes is told without it',
  async (service) => {
    // A line break cannot be sent in a header; it was stored by somebody else.
    await saveCredential(tenant, service, inputFor(service));
    const token = await vault.encryptToken('oops\nright', KEY);
    const [table, column] = {
      stripe: ['tenant_stripe_config', 'secret_key_encrypted'],
      resend: ['tenant_resend_config', 'api_key_encrypted'],
      wise: ['tenant_wise_config', 'api_key_encrypted'],
    }[service as string] ?? ['tenant_api_credentials', 'api_key_encrypted'];
    await sql(`update tenant_${tenant}.${table} set ${column} = '${token}'`);
    const [code, message] = await rejection(GET[service](tenant));
    expect(code).toBe('CLIENT_FAILED');
    expect(message).not.toContain('oops');
  },
);

test.each(WITH_CLIENT)('%s: nothing of the platform’s environment gets in', async (service) => {
  await saveCredential(tenant, service, inputFor(service));
  const before = { ...process.env };
  Object.assign(process.env, POISON);
  try {
    const [call, result, request] = CALLS[service];
    expect(await call(tenant)).toEqual(result);
    expect(vendors.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([request]);
  } finally {
    process.env = before;
  }
  expect(JSON.stringify(vendors.requests)).not.toContain('poison');
});

test.each([
  ['anthropic', 'ANTHROPIC_CUSTOM_HEADERS'],
  ['openai', 'OPENAI_CUSTOM_HEADERS'],
  ['mux', 'MUX_CUSTOM_HEADERS'],
] as const)('%s: a copy of a client keeps the tenant’s key, too', async (service, variable) => {
  await saveCredential(tenant, service, inputFor(service));
  const before = { ...process.env };
  process.env[variable] = POISON_HEADERS;
  try {
    const client = (await REQUIRE[service](tenant)) as OpenAI;
    const copy = client.withOptions({ defaultHeaders: { 'x-own': 'kept' } });
    await copy.get('/anything').catch(() => undefined);
    await copy
      .withOptions({})
      .get('/anything')
      .catch(() => undefined);
    const copies = [copy, copy.withOptions({}), { ...copy }];
    expect(inspect(copies, { depth: 9, showHidden: true })).not.toContain('right');
  } finally {
    process.env = before;
  }
  expect(vendors.requests).toHaveLength(2);
  for (const { headers } of vendors.requests) {
    expect(headers['x-own']).toBe('kept');
    expect(JSON.stringify(headers)).not.toContain('poison');
  }
});

testOnNode('the key stays with its vendor where a full URL is the path', async () => {
  for (const service of ['openai', 'anthropic', 'mux', 'assemblyai'] as const) {
    await saveCredential(tenant, service, inputFor(service));
  }
  const options = { maxRetries: 0 };
  const elsewhere = `${vendors.endpoints.stripe}/v1/account`;
  const openai = await vault.requireTenantOpenAIClient(tenant);
  const anthropic = await vault.requireTenantAnthropicClient(tenant);
  const mux = await vault.requireTenantMuxClient(tenant);
  const { transcripts } = await vault.requireTenantAssemblyAIClient(tenant);
  await expect(openai.get(elsewhere, options)).rejects.toThrow('Connection error');
  await expect(anthropic.get(elsewhere, options)).rejects.toThrow('Connection error');
  await expect(mux.get(elsewhere, options)).rejects.toThrow('Connection error');
  await expect(transcripts.list(elsewhere)).rejects.toThrow('the key stays there');
  expect(vendors.requests).toEqual([]);
});

testOnNode('AssemblyAI’s SDK reads no file of the server’s', async () => {
  await saveCredential(tenant, 'assemblyai', inputFor('assemblyai'));
  const client = await vault.requireTenantAssemblyAIClient(tenant);
  const file = __filename;
  const calls = [
    () => client.files.upload(file),
    () => client.transcripts.submit({ audio: file }),
    () => client.transcripts.transcribe({ audio: `file://${file}` }),
    () => client.transcripts.create({ audio_url: file }),
    () => client.sync.transcribe(file),
    () => client.dictation.transcribeLive(file, {} as never),
  ];
  for (const call of calls) {
    expect(await rejection(call())).toEqual([
      'INPUT_INVALID',
      expect.stringMatching(/: pass the content of a file, not its path$/),
    ]);
  }
  expect(vendors.requests).toEqual([]);
});

test('a photo of Google’s is fetched from where Google says, without the key', async () => {
  await saveCredential(tenant, 'google_maps', inputFor('google_maps', 'redirected'));
  const client = await vault.requireTenantGoogleMapsClient(tenant);
  const params = { photoreference: 'photo_1', maxwidth: 1 } as never;
  const request = { params, responseType: 'arraybuffer' as const };
  expect((await client.placePhoto(request)).status).toBe(200);
  expect(vendors.elsewhere).toHaveLength(1);
  expect(vendors.elsewhere[0]).not.toContain('AIza-redirected');
});
