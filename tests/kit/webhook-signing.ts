// What several services' webhooks have in common. SDKs are loaded when something is signed, since most
// tests that know of the services sign nothing.

import { createHmac } from 'node:crypto';
import type { SentHeaders } from './service';

export const BODY = JSON.stringify({ id: 'evt_1', type: 'test', name: 'Zürich', weight: 1.5 });
/** Keys of Standard Webhooks. */
export const WEBHOOK_KEY = webhookKey('0123456789abcdef0123456789abcdef');
export const OTHER_WEBHOOK_KEY = webhookKey('another-secret-of-32-characters.');

function webhookKey(text: string): string {
  return `whsec_${Buffer.from(text).toString('base64')}`;
}

export function standardWebhookHeaders(body: string, secret: string, at: Date): SentHeaders {
  const { Webhook }: typeof import('standardwebhooks') = require('standardwebhooks');
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(seconds(at)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  };
}

export function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

export function hex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Whether a call of an SDK that verifies does not throw or reject. */
export async function settles(call: () => unknown): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
