import type { RequestClient, Twilio } from 'twilio';
import { endpointOverride } from '../backend/config.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { refusalOf } from './refusals.js';
import {
  constructClient,
  field,
  importFailure,
  needsNode,
  redactInspection,
  secretsOf,
} from './sdk.js';
import { TwilioTransport } from './twilio-transport.js';

/**
 * The tenant's Twilio client, from the cache or made of what is stored.
 *
 * @returns `null` if Twilio is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function getTenantTwilioClient(
  this: unknown,
  tenantId: string,
): Promise<Twilio | null> {
  return cachedClient(vaultOf(this), tenantId, 'twilio', build);
}

/**
 * The tenant's Twilio client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`,
 *   `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function requireTenantTwilioClient(this: unknown, tenantId: string): Promise<Twilio> {
  return requiredClient(getTenantTwilioClient.call(this, tenantId), 'twilio', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<Twilio> {
  const { Twilio: TwilioClient } = await importSdk();
  const accountSid = credential.values['metadata.accountSid'];
  const transport: object = new TwilioTransport(
    endpointOverride(vault, 'twilio'),
    refusalOf(vault, tenantId, 'twilio'),
  );
  const client = constructClient(
    'twilio',
    () =>
      new TwilioClient(field(credential, 'apiKey'), field(credential, 'apiSecret'), {
        ...locationOf(endpointOf(vault, 'twilio', credential)),
        // An API key (`SK` and more) does not say whose it is.
        ...(accountSid && { accountSid }),
        httpClient: transport as RequestClient,
        logLevel: 'error',
      }),
  );
  return redactInspection(client, 'twilio', tenantId, secretsOf('twilio', credential));
}

/**
 * Region and edge location of a host, such as `api.dublin.ie1.twilio.com`: the SDK puts them into the
 * host of each of Twilio's products. Empty ones keep those of the platform's environment away.
 */
function locationOf(endpoint: string): { edge: string; region: string } {
  const [, edge, region] =
    /^[^.]+\.([^.]+)\.([^.]+)\.twilio\.com$/.exec(new URL(endpoint).hostname) ?? [];
  return { edge: edge ?? '', region: region ?? '' };
}

async function importSdk() {
  if (!IS_EDGE_BUILD) {
    try {
      return await import('twilio');
    } catch (error) {
      throw importFailure('twilio', 'twilio', error);
    }
  }
  throw needsNode('twilio');
}
