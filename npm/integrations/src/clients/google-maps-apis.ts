// Google's Places API (New) and Routes API: JSON over HTTP, with the fields of the answer named in a
// header. Google bills by the fields that are asked for.

import type { GoogleFieldMask, GooglePlaces, GoogleRoutes } from './google-maps-types.js';
import type { Refused } from './refusals.js';
import { vendorApi } from './vendor-api.js';

/** Milliseconds that an answer may take: the limit of Google's SDK. */
const TIMEOUT_MS = 10_000;

/** The Places API (New) with a key, at an endpoint that may be another than Google's. */
export function googlePlaces(
  endpoint: string | undefined,
  key: string,
  refused: Refused,
): GooglePlaces {
  const call = googleApi(endpoint ?? 'https://places.googleapis.com', key, refused);
  return {
    searchText: (params, fields) => call('/v1/places:searchText', fields, params),
    searchNearby: (params, fields) => call('/v1/places:searchNearby', fields, params),
    autocomplete: (params, fields) => call('/v1/places:autocomplete', fields, params),
    get(placeId, fields, params) {
      const query = new URLSearchParams({ ...params }).toString();
      const path = `/v1/places/${encodeURIComponent(placeId)}`;
      return call(query ? `${path}?${query}` : path, fields);
    },
  };
}

/** The Routes API with a key, at an endpoint that may be another than Google's. */
export function googleRoutes(
  endpoint: string | undefined,
  key: string,
  refused: Refused,
): GoogleRoutes {
  const call = googleApi(endpoint ?? 'https://routes.googleapis.com', key, refused);
  return {
    computeRoutes: (params, fields) => call('/directions/v2:computeRoutes', fields, params),
    computeRouteMatrix: (params, fields) =>
      call('/distanceMatrix/v2:computeRouteMatrix', fields, params),
  };
}

function googleApi(baseUrl: string, key: string, refused: Refused) {
  const call = vendorApi({
    service: 'google_maps',
    baseUrl,
    secret: key,
    headers: { 'x-goog-api-key': key },
    timeoutMs: TIMEOUT_MS,
    refused,
    codeOf: (_status, answer) =>
      answer.includes('API_KEY_INVALID') ? 'CREDENTIAL_INVALID' : undefined,
  });
  return async <T>(path: string, fields?: GoogleFieldMask, body?: object): Promise<T> =>
    call<T>({
      method: body ? 'POST' : 'GET',
      path,
      ...(body && { body }),
      ...(fields && { headers: { 'x-goog-fieldmask': [fields].flat().join(',') } }),
    });
}
