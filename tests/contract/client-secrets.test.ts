import type { TenantService } from '@cgk-platform/integrations';
import { describeSecrets } from '../kit/client-secrets';
import { ON_EDGE, vault } from '../kit/vault';

/** Services whose SDKs do not run on the edge runtime, and which have no other client. */
const NEED_NODE: TenantService[] = ['elevenlabs', 'twilio'];

describeSecrets(
  vault.SERVICE_CATALOG.map(({ id }) => id).filter(
    (service) => !(ON_EDGE && NEED_NODE.includes(service)),
  ),
);
