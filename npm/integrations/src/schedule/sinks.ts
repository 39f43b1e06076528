// Where events go: signed webhooks, mail, Slack. Any function is a sink, too.

import { environmentVariable } from '../backend/environment.js';
import { getTenantResendClient, getTenantResendSenderConfig } from '../clients/resend.js';
import { integrationError } from '../errors.js';
import type { TenantCredentialEvent, TenantCredentialEventName } from '../events/events.js';
import { displayName } from '../services.js';
import type { EventSink } from './deliver.js';

interface SinkOptions {
  /** Names what was delivered. */
  name?: string;
  /** The events that it gets. */
  events?: readonly TenantCredentialEventName[];
}

export interface WebhookSinkOptions extends SinkOptions {
  /** `https:`; `http:` on loopback only. */
  url: string;
  /**
   * Secrets that sign, `whsec_` and base64: the receiver accepts one of them, so that two let a secret be
   * changed. Default: `INTEGRATION_WEBHOOK_SECRET`, and `INTEGRATION_WEBHOOK_SECRET_PREVIOUS` if it is set.
   */
  secrets?: readonly string[];
}

/** A message about an event. */
export interface EventMail {
  to: string;
  subject: string;
  text: string;
}

export interface MailSinkOptions extends SinkOptions {
  /** Who is written to about an event; nobody where it gives `undefined`. */
  to: (event: TenantCredentialEvent) => string | undefined | Promise<string | undefined>;
  /** Sends it, by the platform's own mail. */
  send: (mail: EventMail) => void | Promise<void>;
}

export interface ResendSinkOptions extends SinkOptions {
  /** Who is written to about an event; nobody where it gives `undefined`. */
  to: (event: TenantCredentialEvent) => string | undefined | Promise<string | undefined>;
}

export interface SlackSinkOptions extends SinkOptions {
  /** The URL of an incoming webhook. */
  url: string;
}

/** What people are written about. */
const FOR_PEOPLE: readonly TenantCredentialEventName[] = [
  'credential.failing',
  'credential.recovered',
  'credential.expiring',
  'credential.expired',
  'credential.rotation_due',
];

/**
 * A webhook that is signed as Standard Webhooks has it: any library of that form verifies it.
 *
 * @returns a sink for `deliverCredentialEvents`
 * @throws `CONFIG_INVALID` for a URL or a secret that is none
 */
export function webhookSink(options: WebhookSinkOptions): EventSink {
  const { name = 'webhook', events } = options;
  const url = checkUrl('webhookSink', options.url);
  const keys = secretsOf(options).map(keyOf);
  if (keys.length === 0) {
    throw invalid('webhookSink', 'set INTEGRATION_WEBHOOK_SECRET, or pass secrets');
  }
  return {
    name,
    events,
    deliver: async (event, { signal }) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const body = JSON.stringify({
        type: event.event,
        timestamp: event.occurredAt.toISOString(),
        data: event,
      });
      const content = new TextEncoder().encode(`${event.id}.${timestamp}.${body}`);
      const signatures = await Promise.all(keys.map((key) => sign(key, content)));
      await post(url, body, signal, {
        'webhook-id': event.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatures.join(' '),
      });
    },
  };
}

/**
 * Mail by a function of the platform's. Never throws.
 *
 * @returns a sink for `deliverCredentialEvents`
 */
export function mailSink({
  name = 'mail',
  events = FOR_PEOPLE,
  to,
  send,
}: MailSinkOptions): EventSink {
  return {
    name,
    events,
    deliver: async (event) => {
      const address = await to(event);
      if (address) {
        await send({ to: address, ...describe(event) });
      }
    },
  };
}

/**
 * Mail by the tenant's own Resend account, from its default sender; nothing where it has none, or where
 * Resend is what the event is about. Never throws.
 *
 * @returns a sink for `deliverCredentialEvents`
 */
export function resendSink({
  name = 'resend',
  events = FOR_PEOPLE,
  to,
}: ResendSinkOptions): EventSink {
  return {
    name,
    events,
    deliver: async (event, { vault }) => {
      const { tenantId, service } = event;
      const address = service === 'resend' ? undefined : await to(event);
      const sender = address && (await getTenantResendSenderConfig.call(vault, tenantId));
      const resend = sender && (await getTenantResendClient.call(vault, tenantId));
      if (!address || !sender || !resend) {
        return;
      }
      const mail = { from: sender.from, to: address, ...describe(event) };
      // The same mail twice is one, where the delivery is repeated.
      const { error } = await resend.emails.send(mail, { idempotencyKey: event.id });
      if (error) {
        throw new Error('Resend did not take the mail');
      }
    },
  };
}

/**
 * Messages to a Slack channel.
 *
 * @returns a sink for `deliverCredentialEvents`
 * @throws `CONFIG_INVALID` for a URL that is none
 */
export function slackSink({
  name = 'slack',
  events = FOR_PEOPLE,
  url,
}: SlackSinkOptions): EventSink {
  const checked = checkUrl('slackSink', url);
  return {
    name,
    events,
    deliver: async (event, { signal }) => {
      const { subject, text } = describe(event);
      await post(checked, JSON.stringify({ text: `*${subject}*\n${text}` }), signal);
    },
  };
}

/** An event in words. */
function describe({ event, service, tenantId, details }: TenantCredentialEvent) {
  const name = displayName(service);
  const expiresAt = details?.expiresAt;
  const day = typeof expiresAt === 'number' ? new Date(expiresAt).toISOString().slice(0, 10) : '';
  const sentences: Partial<Record<TenantCredentialEventName, [string, string]>> = {
    'credential.failing': [
      `${name} refuses the stored credential`,
      `${name} has refused it twice. Save another one, or check its account.`,
    ],
    'credential.recovered': [`${name} works again`, `${name} accepts the stored credential again.`],
    'credential.expiring': [`The credential of ${name} ends on ${day}`, 'Save another one before.'],
    'credential.expired': [`The credential of ${name} has ended`, 'Save another one.'],
    'credential.rotation_due': [
      `The credential of ${name} is to be replaced`,
      'It is as old as it may become: make another one, and save it.',
    ],
  };
  const [subject, text] = sentences[event] ?? [`${name}: ${event}`, ''];
  return { subject: `${tenantId}: ${subject}`, text: text || subject };
}

async function post(
  url: string,
  body: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal,
    redirect: 'error',
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw new Error(`The receiver answered ${response.status}`);
  }
}

async function sign(
  key: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', imported, content));
  return `v1,${btoa(String.fromCharCode(...mac))}`;
}

function secretsOf({ secrets }: WebhookSinkOptions): readonly string[] {
  const variables = ['INTEGRATION_WEBHOOK_SECRET', 'INTEGRATION_WEBHOOK_SECRET_PREVIOUS'];
  return secrets ?? variables.flatMap((name) => environmentVariable(name) || []);
}

/** The bytes of a secret, of which Standard Webhooks wants 24 to 64. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  try {
    const text = atob(secret.replace(/^whsec_/, ''));
    const key = Uint8Array.from(text, (character) => character.charCodeAt(0));
    if (key.length >= 24 && key.length <= 64) {
      return key;
    }
  } catch {
    // No base64.
  }
  throw invalid('webhookSink', 'a secret must be whsec_ and 24 to 64 bytes in base64');
}

function checkUrl(caller: string, url: string): string {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    throw invalid(caller, 'url must start with https:');
  }
  return url;
}

function invalid(caller: string, reason: string): Error {
  return integrationError('CONFIG_INVALID', `${caller}: ${reason}`);
}
