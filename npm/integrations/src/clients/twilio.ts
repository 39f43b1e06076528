import type { RequestClient, Twilio } from 'twilio';
import { endpointOverride } from '../config.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, needsNode, opaque, stored } from './sdk.js';

/** The tenant's Twilio client, or `null` if Twilio is not configured. */
export async function getTenantTwilioClient(tenantId: string): Promise<Twilio | null> {
  return cachedClient(tenantId, 'twilio', build);
}

/** The tenant's Twilio client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantTwilioClient(tenantId: string): Promise<Twilio> {
  return requiredClient(getTenantTwilioClient(tenantId), 'twilio', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<Twilio> {
  const { RequestClient, Twilio: TwilioClient } = await importSdk();
  const endpoint = endpointOverride('twilio');
  const client = construct(
    'twilio',
    () =>
      new TwilioClient(
        stored(credential, 'apiKey'),
        stored(credential, 'apiSecret'),
        endpoint === undefined ? {} : { httpClient: requestsTo(new RequestClient(), endpoint) },
      ),
  );
  return opaque(client, 'twilio', tenantId);
}

/** Twilio's SDK knows its hosts by heart; its transport is what can be told another. */
function requestsTo(client: RequestClient, endpoint: string): RequestClient {
  const send = client.request.bind(client);
  client.request = (options) => {
    const { pathname, search } = new URL(options.uri);
    return send({ ...options, uri: new URL(pathname + search, endpoint).href });
  };
  return client;
}

async function importSdk() {
  if (!BUILT_FOR_EDGE) {
    try {
      return await import('twilio');
    } catch (error) {
      throw importFailure('twilio', 'twilio', error);
    }
  }
  throw needsNode('twilio');
}
