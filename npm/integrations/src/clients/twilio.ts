import type { Twilio } from 'twilio';
import { endpointOverride } from '../config.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, loadSdk, opaque, stored } from './sdk.js';

/** The tenant's Twilio client, or `null` if Twilio is not configured. */
export async function getTenantTwilioClient(tenantId: string): Promise<Twilio | null> {
  return cachedClient(tenantId, 'twilio', build);
}

/** The tenant's Twilio client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantTwilioClient(tenantId: string): Promise<Twilio> {
  return requiredClient(getTenantTwilioClient(tenantId), 'twilio', tenantId);
}

function build(credential: TenantCredential, tenantId: string): Twilio {
  const sdk = loadSdk('twilio', 'twilio', () => require('twilio') as typeof import('twilio'));
  const endpoint = endpointOverride('twilio');
  const client = construct(
    'twilio',
    () =>
      new sdk.Twilio(
        stored(credential, 'apiKey'),
        stored(credential, 'apiSecret'),
        endpoint === undefined ? {} : { httpClient: requestsTo(sdk, endpoint) },
      ),
  );
  return opaque(client, 'twilio', tenantId);
}

/** Twilio's SDK knows its hosts by heart; its transport is what can be told another. */
function requestsTo(sdk: typeof import('twilio'), endpoint: string) {
  const client = new sdk.RequestClient();
  const send = client.request.bind(client);
  client.request = (options) => {
    const { pathname, search } = new URL(options.uri);
    return send({ ...options, uri: new URL(pathname + search, endpoint).href });
  };
  return client;
}
