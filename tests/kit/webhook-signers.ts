// Webhooks as each vendor sends them, signed by the vendor's own SDK or by the library of its scheme.
// Where an SDK only verifies, the signature follows it, and the SDK is asked whether it agrees.

import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import type { WebhookService } from '@cgk-platform/integrations';
import EasyPost from '@easypost/api';
import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import Mux from '@mux/mux-node';
import OpenAI from 'openai';
import { Resend } from 'resend';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import twilio from 'twilio';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';

export type SentHeaders = Record<string, string>;

export interface Signer {
  /** The secret that the tenant stores; another one. */
  secret: string;
  otherSecret: string;
  /** A body of this vendor. */
  body: string;
  /** The URL that is asked for, where it is signed. */
  url?: string;
  /** The headers that come with a body. */
  headers(body: string, secret: string, at: Date): SentHeaders;
  /** Whether the vendor's SDK takes it, where it has a function for that. */
  accepts?(body: string, headers: SentHeaders, secret: string): Promise<boolean>;
  /** Whether the signature covers the time. */
  isTimed: boolean;
}

const BODY = JSON.stringify({ id: 'evt_1', type: 'test', name: 'Zürich', weight: 1.5 });
const SVIX_SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const OTHER_SVIX_SECRET = `whsec_${Buffer.from('another-secret-of-32-characters.').toString('base64')}`;

const KEYS = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
const [WISE_KEY, OTHER_WISE_KEY] = KEYS.map(({ publicKey }) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
) as [string, string];

export const TWILIO_URL = 'https://shop.example.com/hooks/twilio?tenant=acme';

const stripe = new Stripe('sk_test_signer');
const mux = new Mux({ tokenId: 'id', tokenSecret: 'secret' });
const openai = new OpenAI({ apiKey: 'sk-signer' });
const anthropic = new Anthropic({ apiKey: 'sk-ant-signer' });
const elevenlabs = new ElevenLabsClient({ apiKey: 'signer' });
const easypost = new EasyPost('EZTK-signer');
const resend = new Resend('re_signer');

export const SIGNERS: Record<WebhookService, Signer> = {
  stripe: {
    secret: 'whsec_stripe',
    otherSecret: 'whsec_other',
    body: BODY,
    headers: (payload, secret, at) => ({
      'stripe-signature': stripe.webhooks.generateTestHeaderString({
        payload,
        secret,
        timestamp: seconds(at),
      }),
    }),
    accepts: (body, headers, secret) =>
      settles(() =>
        stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret),
      ),
    isTimed: true,
  },
  mux: {
    secret: 'mux-signing-secret',
    otherSecret: 'another',
    body: BODY,
    headers: (body, secret, at) => ({
      'mux-signature': `t=${seconds(at)},v1=${hex(secret, `${seconds(at)}.${body}`)}`,
    }),
    accepts: (body, headers, secret) => settles(() => mux.webhooks.unwrap(body, headers, secret)),
    isTimed: true,
  },
  elevenlabs: {
    secret: 'wsec_elevenlabs',
    otherSecret: 'wsec_other',
    body: JSON.stringify({ type: 'post_call_transcription', event_timestamp: 1, data: {} }),
    headers: (body, secret, at) => ({
      'elevenlabs-signature': `t=${seconds(at)},v0=${hex(secret, `${seconds(at)}.${body}`)}`,
    }),
    accepts: (body, headers, secret) =>
      settles(() =>
        elevenlabs.webhooks.constructEvent(body, headers['elevenlabs-signature'] ?? '', secret),
      ),
    isTimed: true,
  },
  resend: {
    secret: SVIX_SECRET,
    otherSecret: OTHER_SVIX_SECRET,
    body: BODY,
    headers: (body, secret, at) => ({
      'svix-id': 'msg_1',
      'svix-timestamp': String(seconds(at)),
      'svix-signature': new SvixWebhook(secret).sign('msg_1', at, body),
    }),
    accepts: (payload, headers, webhookSecret) =>
      settles(() =>
        resend.webhooks.verify({
          payload,
          headers: {
            id: headers['svix-id'] ?? '',
            timestamp: headers['svix-timestamp'] ?? '',
            signature: headers['svix-signature'] ?? '',
          },
          webhookSecret,
        }),
      ),
    isTimed: true,
  },
  openai: {
    secret: SVIX_SECRET,
    otherSecret: OTHER_SVIX_SECRET,
    body: BODY,
    headers: standardHeaders,
    accepts: (body, headers, secret) =>
      settles(() => openai.webhooks.unwrap(body, headers, secret)),
    isTimed: true,
  },
  anthropic: {
    secret: SVIX_SECRET,
    otherSecret: OTHER_SVIX_SECRET,
    body: BODY,
    headers: standardHeaders,
    accepts: (body, headers, key) =>
      settles(() => anthropic.beta.webhooks.unwrap(body, { headers, key })),
    isTimed: true,
  },
  easypost: {
    // Not in Unicode's form NFKD, in which EasyPost signs.
    secret: 'sécret-ﬁrst',
    otherSecret: 'secret-first',
    body: BODY,
    headers: (body, secret) => ({
      'x-hmac-signature': `hmac-sha256-hex=${hex(secret.normalize('NFKD'), body)}`,
    }),
    accepts: (body, headers, secret) =>
      settles(() => easypost.Utils.validateWebhook(Buffer.from(body), headers, secret)),
    isTimed: false,
  },
  twilio: {
    secret: 'twilio-auth-token',
    otherSecret: 'another-token',
    body: 'MessageSid=SM1&From=%2B15550100&To=%2B15550101&Body=Gr%C3%BC%C3%9Fe+%26+mehr',
    url: TWILIO_URL,
    headers: (body, secret) => ({
      'x-twilio-signature': getExpectedTwilioSignature(secret, TWILIO_URL, fields(body)),
    }),
    accepts: async (body, headers, secret) =>
      twilio.validateRequest(secret, headers['x-twilio-signature'] ?? '', TWILIO_URL, fields(body)),
    isTimed: false,
  },
  assemblyai: {
    secret: 'assemblyai-header-value',
    otherSecret: 'another-value',
    body: JSON.stringify({
      transcript_id: '5552493-16d8-42d8-8feb-c2a16b56f6e8',
      status: 'completed',
    }),
    headers: (_body, secret) => ({ 'x-webhook-secret': secret }),
    isTimed: false,
  },
  wise: {
    secret: WISE_KEY,
    otherSecret: OTHER_WISE_KEY,
    // As docs.wise.com has it under "Transfer state change event".
    body: JSON.stringify({
      data: {
        resource: { type: 'transfer', id: 111, profile_id: 222, account_id: 333 },
        current_state: 'processing',
        previous_state: 'incoming_payment_waiting',
        occurred_at: '2020-01-01T12:34:56Z',
      },
      subscription_id: '01234567-89ab-cdef-0123-456789abcdef',
      event_type: 'transfers#state-change',
      schema_version: '2.0.0',
      sent_at: '2020-01-01T12:34:56Z',
    }),
    headers: (body, secret) => ({ 'x-signature-sha256': wiseSignature(body, secret) }),
    isTimed: false,
  },
};

/** What Wise puts into `X-Signature-SHA256`, with the private half of one of the keys above. */
export function wiseSignature(body: string, secret = WISE_KEY): string {
  const privateKey = KEYS[secret === WISE_KEY ? 0 : 1]?.privateKey;
  return sign('sha256', Buffer.from(body), privateKey as never).toString('base64');
}

function standardHeaders(body: string, secret: string, at: Date): SentHeaders {
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(seconds(at)),
    'webhook-signature': new StandardWebhook(secret).sign('msg_1', at, body),
  };
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

function hex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function fields(body: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

async function settles(call: () => unknown): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
