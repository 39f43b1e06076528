// The clients of all services, and a first call of each.

import type { TenantService } from '@cgk-platform/integrations';
import { expect } from '@jest/globals';
import { TWILIO_ACCOUNT } from './fake-vendors';
import { ON_EDGE, vault } from './vault';

/** Commands must be of the same copy of the SDK as the client. */
const { HeadObjectCommand, ListBucketsCommand }: typeof import('@aws-sdk/client-s3') = ON_EDGE
  ? require('./edge-vault').s3
  : require('@aws-sdk/client-s3');

/** Gives the client of a service, or `null`. */
export const GET: Record<TenantService, (tenant: string) => Promise<object | null>> = {
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

/** Gives the client of a service, or rejects. */
export const REQUIRE: Record<TenantService, (tenant: string) => Promise<object>> = {
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

/** A call of the vendor's real SDK (on the edge, ours in the place of two), what it gives, and what the vendor was asked. */
export const CALLS: Record<TenantService, [(tenant: string) => Promise<unknown>, unknown, string]> =
  {
    stripe: [
      async (tenant) =>
        (await vault.requireTenantStripeClient(tenant)).customers.create({ name: 'A' }),
      expect.objectContaining({ id: 'cus_1' }),
      'POST /v1/customers',
    ],
    wise: [
      async (tenant) => (await vault.requireTenantWiseClient(tenant)).getProfiles(),
      expect.arrayContaining([expect.objectContaining({ id: 12 })]),
      'GET /v2/profiles',
    ],
    resend: [
      async (tenant) =>
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
      async (tenant) =>
        (await vault.requireTenantMuxClient(tenant)).video.assets.create({
          inputs: [{ url: 'https://example.com/a.mp4' }],
        } as never),
      expect.objectContaining({ id: 'asset_1' }),
      'POST /video/v1/assets',
    ],
    assemblyai: [
      async (tenant) => {
        const client = await vault.requireTenantAssemblyAIClient(tenant);
        return ON_EDGE
          ? client.getTranscript('transcript_1')
          : client.transcripts.get('transcript_1');
      },
      expect.objectContaining({ text: 'Hello' }),
      'GET /v2/transcript/transcript_1',
    ],
    anthropic: [
      async (tenant) =>
        (await (await vault.requireTenantAnthropicClient(tenant)).models.list()).data,
      [],
      'GET /v1/models',
    ],
    openai: [
      async (tenant) => (await (await vault.requireTenantOpenAIClient(tenant)).models.list()).data,
      [],
      'GET /v1/models',
    ],
    elevenlabs: [
      async (tenant) => (await vault.requireTenantElevenLabsClient(tenant)).models.list(),
      [expect.objectContaining({ modelId: 'eleven_v3' })],
      'GET /v1/models',
    ],
    cloudflare_r2: [
      async (tenant) => {
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
      async (tenant) => {
        const client = await vault.requireTenantGoogleMapsClient(tenant);
        const params = { address: 'Mountain View' } as never;
        return (await client.geocode({ params })).data.results[0];
      },
      { formatted_address: '1600 Amphitheatre Parkway' },
      'GET /maps/api/geocode/json?address=Mountain%20View&key=AIza-right',
    ],
    twilio: [
      async (tenant) =>
        (await vault.requireTenantTwilioClient(tenant)).messages.create({
          to: '+15005550006',
          from: '+15005550006',
          body: 'Hello',
        }),
      expect.objectContaining({ sid: 'SM1' }),
      `POST /2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`,
    ],
    easypost: [
      async (tenant) => {
        const client = await vault.requireTenantEasyPostClient(tenant);
        return ON_EDGE ? client.getTracker('trk_1') : client.Tracker.retrieve('trk_1');
      },
      expect.objectContaining({ id: 'trk_1' }),
      'GET /v2/trackers/trk_1',
    ],
  };
