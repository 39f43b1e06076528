// The services whose webhooks are signed, and how.

import type { WebhookService } from '@cgk-platform/integrations';
import type { TestedWebhook } from './service';
import { servicesWith } from './services';

const signers = servicesWith(({ webhook }) => webhook);

export const WEBHOOK_SERVICES = signers.map(([service]) => service) as WebhookService[];
export const SIGNERS = Object.fromEntries(signers) as Record<WebhookService, TestedWebhook>;
