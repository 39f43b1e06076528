import type { Client } from '@googlemaps/google-maps-services-js';
import { endpointOverride } from '../config.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored } from './sdk.js';

/** The client of Google's SDK. The tenant's key is added to every request. */
export type GoogleMapsClient = Client;

/** The tenant's Google Maps client, or `null` if Google Maps is not configured. */
export async function getTenantGoogleMapsClient(
  tenantId: string,
): Promise<GoogleMapsClient | null> {
  return cachedClient(tenantId, 'google_maps', build);
}

/** The tenant's Google Maps client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantGoogleMapsClient(tenantId: string): Promise<GoogleMapsClient> {
  return requiredClient(getTenantGoogleMapsClient(tenantId), 'google_maps', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<Client> {
  const sdk = await importSdk();
  const key = stored(credential, 'apiKey');
  const endpoint = endpointOverride('google_maps');
  // The SDK asks axios for Node's HTTP.
  const axios = sdk.defaultAxiosInstance.create(BUILT_FOR_EDGE ? { adapter: 'fetch' } : {});
  axios.interceptors.request.use((request) => {
    request.params = { ...request.params, key };
    if (endpoint !== undefined && request.url) {
      request.url = new URL(new URL(request.url).pathname, endpoint).href;
    }
    return request;
  });
  const client = construct('google_maps', () => new sdk.Client({ axiosInstance: axios }));
  return opaque(client, 'google_maps', tenantId);
}

async function importSdk() {
  try {
    return await import('@googlemaps/google-maps-services-js');
  } catch (error) {
    throw importFailure('google_maps', '@googlemaps/google-maps-services-js', error);
  }
}
