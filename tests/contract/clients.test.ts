import { inspect } from 'node:util';
import type { TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../support/database';
import {
  configureVault,
  KEY,
  newTenant,
  ON_EDGE,
  rejection,
  saveCredential,
  vault,
} from '../support/vault';
import { inputFor, startVendors, TWILIO_ACCOUNT, type Vendors } from '../support/vendors';

const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);
/** Services whose SDKs do not run on the edge runtime. */
const NEED_NODE: TenantService[] = ['assemblyai', 'easypost', 'elevenlabs', 'twilio'];
const WITH_SDK = SERVICES.filter((service) => !(ON_EDGE && NEED_NODE.includes(service)));

/** Commands must be of the same copy of the SDK as the client. */
const { HeadObjectCommand, ListBucketsCommand }: typeof import('@aws-sdk/client-s3') = ON_EDGE
  ? require('../support/edge-vault').s3
  : require('@aws-sdk/client-s3');

let vendors: Vendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startVendors();
  configureVault(KEY, { endpoints: vendors.endpoints });
});
afterAll(() => vendors.close());
beforeEach(async () => {
  tenant = await newTenant();
  vendors.requests.length = 0;
});

const GET: Record<TenantService, (tenant: string) => Promise<object | null>> = {
  stripe: vault.getTenantStripeClient,
  wise: vault.getTenantWiseClient,
  resend: vault.getTenantResendClient,
  mux: vault.getTenantMuxClient,
  assemblyai: vault.getTenantAssemblyAIClient,
  anthropic: vault.getTenantAnthropicClient,
  openai: vault.getTenantOpenAIClient,
  elevenlabs: vault.getTenantElevenLabsClient,
  cloudflare_r2: vault.getTenantCloudflareR2Client,
  google_maps: vault.getTenantGoogleMapsClient,
  twilio: vault.getTenantTwilioClient,
  easypost: vault.getTenantEasyPostClient,
};

const REQUIRE: Record<TenantService, (tenant: string) => Promise<object>> = {
  stripe: vault.requireTenantStripeClient,
  wise: vault.requireTenantWiseClient,
  resend: vault.requireTenantResendClient,
  mux: vault.requireTenantMuxClient,
  assemblyai: vault.requireTenantAssemblyAIClient,
  anthropic: vault.requireTenantAnthropicClient,
  openai: vault.requireTenantOpenAIClient,
  elevenlabs: vault.requireTenantElevenLabsClient,
  cloudflare_r2: vault.requireTenantCloudflareR2Client,
  google_maps: vault.requireTenantGoogleMapsClient,
  twilio: vault.requireTenantTwilioClient,
  easypost: vault.requireTenantEasyPostClient,
};

/** A call of the vendor's real SDK, what it gives, and what the vendor was asked. */
const CALLS: Record<TenantService, [() => Promise<unknown>, unknown, string]> = {
  stripe: [
    async () => (await vault.requireTenantStripeClient(tenant)).customers.create({ name: 'A' }),
    expect.objectContaining({ id: 'cus_1' }),
    'POST /v1/customers',
  ],
  wise: [
    async () => (await vault.requireTenantWiseClient(tenant)).getProfiles(),
    expect.arrayContaining([expect.objectContaining({ id: 12 })]),
    'GET /v2/profiles',
  ],
  resend: [
    async () =>
      (await vault.requireTenantResendClient(tenant)).emails.send({
        from: 'a@example.com',
        to: 'b@example.com',
        subject: 'Hello',
        text: 'Hello',
      }),
    expect.objectContaining({ data: { id: 'email_1' }, error: null }),
    'POST /emails',
  ],
  mux: [
    async () =>
      (await vault.requireTenantMuxClient(tenant)).video.assets.create({
        inputs: [{ url: 'https://example.com/a.mp4' }],
      } as never),
    expect.objectContaining({ id: 'asset_1' }),
    'POST /video/v1/assets',
  ],
  assemblyai: [
    async () => (await vault.requireTenantAssemblyAIClient(tenant)).transcripts.get('transcript_1'),
    expect.objectContaining({ text: 'Hello' }),
    'GET /v2/transcript/transcript_1',
  ],
  anthropic: [
    async () => (await (await vault.requireTenantAnthropicClient(tenant)).models.list()).data,
    [],
    'GET /v1/models',
  ],
  openai: [
    async () => (await (await vault.requireTenantOpenAIClient(tenant)).models.list()).data,
    [],
    'GET /v1/models',
  ],
  elevenlabs: [
    async () => (await vault.requireTenantElevenLabsClient(tenant)).models.list(),
    [expect.objectContaining({ modelId: 'eleven_v3' })],
    'GET /v1/models',
  ],
  cloudflare_r2: [
    async () => {
      const client = await vault.requireTenantCloudflareR2Client(tenant);
      // On the edge its SDK reads no XML, and so no lists.
      return ON_EDGE
        ? client.send(new HeadObjectCommand({ Bucket: 'media', Key: 'a.txt' }))
        : client.send(new ListBucketsCommand({}));
    },
    expect.objectContaining({ $metadata: expect.objectContaining({ httpStatusCode: 200 }) }),
    ON_EDGE ? 'HEAD /media/a.txt' : 'GET /?x-id=ListBuckets',
  ],
  google_maps: [
    async () => {
      const client = await vault.requireTenantGoogleMapsClient(tenant);
      const params = { address: 'Mountain View' } as never;
      return (await client.geocode({ params })).data.results[0];
    },
    { formatted_address: '1600 Amphitheatre Parkway' },
    'GET /maps/api/geocode/json?address=Mountain%20View&key=AIza-right',
  ],
  twilio: [
    async () =>
      (await vault.requireTenantTwilioClient(tenant)).messages.create({
        to: '+15005550006',
        from: '+15005550006',
        body: 'Hello',
      }),
    expect.objectContaining({ sid: 'SM1' }),
    `POST /2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`,
  ],
  easypost: [
    async () => (await vault.requireTenantEasyPostClient(tenant)).Tracker.retrieve('trk_1'),
    expect.objectContaining({ id: 'trk_1' }),
    'GET /v2/trackers/trk_1',
  ],
};

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

describe.each(WITH_SDK)('%s', (service) => {
  test('the SDK works with the tenant’s credential', async () => {
    await saveCredential(tenant, service, inputFor(service));
    const [call, result, request] = CALLS[service];
    expect(await call()).toEqual(result);
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

  testOnNode('AssemblyAI', async () => {
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

  testOnNode('EasyPost', async () => {
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

describe('checkEasyPostTrackingStatus', () => {
  testOnNode('tells in short where a parcel is', async () => {
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

  test('never rejects', async () => {
    const failed = { delivered: false, inTransit: false, status: 'error' };
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...failed,
      statusDetail: `EasyPost Shipping is not configured for tenant: ${tenant}`,
    });
    await saveCredential(tenant, 'easypost', inputFor('easypost', 'wrong'));
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...failed,
      statusDetail: ON_EDGE
        ? expect.stringContaining('in a function that runs on Node')
        : 'EasyPost could not track the parcel',
    });
    expect(await vault.checkEasyPostTrackingStatus('Not A Slug', 'EZ1')).toMatchObject(failed);
  });
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

test('an SDK that throws is an error without the credential', async () => {
  // A line break can not be sent in a header; it was stored by somebody else.
  await saveCredential(tenant, 'resend', inputFor('resend'));
  const token = await vault.encryptToken('re_oops\nright', KEY);
  await sql(`update tenant_${tenant}.tenant_resend_config set api_key_encrypted = '${token}'`);
  const [code, message] = await rejection(vault.getTenantResendClient(tenant));
  expect(code).toBe('CLIENT_FAILED');
  expect(message).not.toContain('oops');
});

test('nothing of the platform’s environment gets into a tenant’s client', async () => {
  const environment = {
    ANTHROPIC_API_KEY: 'platform-key',
    ANTHROPIC_AUTH_TOKEN: 'platform-token',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    OPENAI_API_KEY: 'platform-key',
    OPENAI_ORG_ID: 'platform-organization',
    OPENAI_PROJECT_ID: 'platform-project',
    OPENAI_BASE_URL: 'http://127.0.0.1:1',
    MUX_TOKEN_ID: 'platform-id',
    MUX_TOKEN_SECRET: 'platform-secret',
    MUX_BASE_URL: 'http://127.0.0.1:1',
    RESEND_API_KEY: 'platform-key',
    TWILIO_ACCOUNT_SID: 'platform-sid',
    TWILIO_AUTH_TOKEN: 'platform-token',
    ELEVENLABS_API_KEY: 'platform-key',
    AWS_ACCESS_KEY_ID: 'platform-id',
    AWS_SECRET_ACCESS_KEY: 'platform-secret',
    AWS_SESSION_TOKEN: 'platform-session',
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    for (const service of WITH_SDK) {
      await saveCredential(tenant, service, inputFor(service));
      await CALLS[service][0]();
    }
  } finally {
    process.env = before;
  }
  expect(vendors.requests).toHaveLength(WITH_SDK.length);
  expect(JSON.stringify(vendors.requests)).not.toContain('platform-');
});
