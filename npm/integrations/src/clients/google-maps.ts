import type { Client } from '@googlemaps/google-maps-services-js';
import { endpointOverride } from '../backend/config.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { hideFromLogs } from './conceal.js';
import { googlePlaces, googleRoutes } from './google-maps-apis.js';
import type { GooglePlaces, GoogleRoutes } from './google-maps-types.js';
import { type Refused, refusalOf } from './refusals.js';
import {
  constructClient,
  defineHidden,
  field,
  importFailure,
  optionalSdk,
  redactInspection,
  secretsOf,
  withoutSdkMembers,
} from './sdk.js';
import type { Installed } from './sdk-types.js';
import { isRedirect } from './vendor-fetch.js';

/** Google Maps, by the APIs that every project can enable. */
export interface GoogleMapsApis {
  readonly places: GooglePlaces;
  readonly routes: GoogleRoutes;
}

/**
 * The client of Google's SDK, which adds the tenant's key to every request, with `places` and `routes`:
 * the SDK speaks APIs of which Google lets new projects enable only some (Geocoding, but neither Places
 * nor Directions). Where the package `@googlemaps/google-maps-services-js` is missing, `places` and
 * `routes` work by themselves, and the SDK's own members throw `SDK_MISSING`.
 */
export type GoogleMapsClient = GoogleMapsApis & Installed<Client>;

const SDK_MEMBERS = [
  ...['directions', 'distancematrix', 'elevation', 'findPlaceFromText', 'geocode', 'geolocate'],
  ...['nearestRoads', 'placeAutocomplete', 'placeDetails', 'placePhoto', 'placeQueryAutocomplete'],
  ...['placesNearby', 'reverseGeocode', 'snapToRoads', 'textSearch', 'timezone'],
];

/**
 * The tenant's Google Maps client, from the cache or made of what is stored.
 *
 * @returns `null` if Google Maps is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export async function getTenantGoogleMapsClient(
  this: unknown,
  tenantId: string,
): Promise<GoogleMapsClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'google_maps', build);
}

/**
 * The tenant's Google Maps client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export async function requireTenantGoogleMapsClient(
  this: unknown,
  tenantId: string,
): Promise<GoogleMapsClient> {
  return requiredClient(getTenantGoogleMapsClient.call(this, tenantId), 'google_maps', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<GoogleMapsClient> {
  const key = field(credential, 'apiKey');
  const endpoint = endpointOverride(vault, 'google_maps');
  const refused = refusalOf(vault, tenantId, 'google_maps');
  const found = await optionalSdk(importSdk());
  const client = found.sdk
    ? sdkClient(found.sdk, endpoint, key, refused)
    : withoutSdkMembers({}, SDK_MEMBERS, found.missing);
  const complete = defineHidden(client, {
    places: googlePlaces(endpoint, key, refused),
    routes: googleRoutes(endpoint, key, refused),
  });
  const secrets = secretsOf('google_maps', credential);
  return redactInspection(complete as GoogleMapsClient, 'google_maps', tenantId, secrets);
}

function sdkClient(
  sdk: typeof import('@googlemaps/google-maps-services-js'),
  endpoint: string | undefined,
  key: string,
  refused: Refused,
): Client {
  // The SDK asks axios for Node's HTTP.
  const transport = () =>
    sdk.defaultAxiosInstance.create(
      IS_EDGE_BUILD
        ? { adapter: 'fetch', fetchOptions: { redirect: 'manual' } }
        : // Of the environment it would take a proxy, which sees the address and the key in it.
          { maxRedirects: 0, proxy: false },
    );
  const axios = transport();
  axios.interceptors.request.use((request) => {
    request.params = { ...request.params, key };
    if (endpoint !== undefined && request.url) {
      request.url = new URL(new URL(request.url).pathname, endpoint).href;
    }
    return request;
  });
  const answered = (answer: { data?: unknown }) => {
    if (isRefusal(answer.data)) {
      refused();
    }
  };
  const succeeded = (answer: { data?: unknown; config?: object }) => {
    answered(answer);
    return withoutRequest(answer);
  };
  axios.interceptors.response.use(succeeded as typeof withoutRequest, async (error: Failure) => {
    const photo = addressOfPhoto(error, key);
    if (photo) {
      const { responseType = 'arraybuffer' } = error.config ?? {};
      return withoutRequest(await transport().get(photo, { responseType }));
    }
    if (error.response) {
      answered(error.response);
      withoutRequest(error.response);
    }
    throw withoutRequest(error);
  });
  const client = constructClient('google_maps', () => new sdk.Client({ axiosInstance: axios }));
  // Its agent is one for all clients, with the requests of all in its connections.
  hideFromLogs(axios, '[Google Maps transport]');
  hideFromLogs(axios.defaults, '[Google Maps transport]');
  return client;
}

interface Failure {
  config?: { url?: string; responseType?: ResponseType };
  request?: unknown;
  response?: {
    status: number;
    headers: Record<string, unknown>;
    data?: unknown;
    config?: object;
  };
}

type ResponseType = 'arraybuffer' | 'stream';

/** The older APIs deny with status 200, the newer ones with 400 and a reason. */
function isRefusal(data: unknown): boolean {
  const { status, error } = (data ?? {}) as { status?: unknown; error?: object };
  return (
    status === 'REQUEST_DENIED' ||
    (error !== undefined && JSON.stringify(error).includes('API_KEY_INVALID'))
  );
}

/** Where Google says that a photo is: the one answer that redirects for good reason. */
function addressOfPhoto({ config, response }: Failure, key: string): string | undefined {
  const { location } = response?.headers ?? {};
  const isPhoto = isRedirect(response?.status ?? 0) && config?.url?.endsWith('/place/photo');
  return isPhoto && typeof location === 'string' && !location.includes(key) ? location : undefined;
}

/** Answers and errors have the request with them, and the key is in its address. */
function withoutRequest<T extends { config?: object; request?: unknown }>(result: T): T {
  delete result.request;
  return Object.assign(result, { config: { headers: {} } });
}

async function importSdk() {
  try {
    return await import('@googlemaps/google-maps-services-js');
  } catch (error) {
    throw importFailure('google_maps', '@googlemaps/google-maps-services-js', error);
  }
}
