import {
  deliverCredentialEvents,
  verifyDueCredentials,
  webhookSink,
} from '@cgk-platform/integrations';
import { schedules } from '@trigger.dev/sdk';

/** Milliseconds after which a run begins nothing more: less than `maxDuration`. */
const TIME_LIMIT_MS = 45_000;

/** Asks the vendors about the credentials that are due. */
export async function verifyCredentials() {
  return verifyDueCredentials({ signal: AbortSignal.timeout(TIME_LIMIT_MS) });
}

/** Delivers what happened to credentials to the platform, signed with `INTEGRATION_WEBHOOK_SECRET`. */
export async function deliverEvents() {
  return deliverCredentialEvents({
    sinks: [webhookSink({ url: process.env.CREDENTIAL_WEBHOOK_URL ?? '' })],
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
}

export const verifyCredentialsTask = schedules.task({
  id: 'verify-credentials',
  cron: '*/5 * * * *',
  run: verifyCredentials,
});

export const deliverEventsTask = schedules.task({
  id: 'deliver-credential-events',
  cron: '* * * * *',
  run: deliverEvents,
});
