import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { connect, tenant, vendors } from '../../kit/client-tests';
import { vault } from '../../kit/vault';

describe('Google’s Places API (New) and Routes API', () => {
  const request = () => {
    const { method, url, headers, body } = vendors.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ 'x-goog-api-key': 'AIza-right' });
    return [`${method} ${url}`, headers?.['x-goog-fieldmask'], body ? JSON.parse(body) : undefined];
  };

  test('places', async () => {
    await connect('google_maps');
    const { places } = await vault.requireTenantGoogleMapsClient(tenant);
    const search = { textQuery: 'pizza', languageCode: 'en' };
    const fields = ['places.id', 'places.displayName'];
    expect(await places.searchText(search, fields)).toEqual({ places: [{ id: 'place_1' }] });
    expect(request()).toEqual(['POST /v1/places:searchText', fields.join(','), search]);

    const center = { latitude: 37.4, longitude: -122.1 };
    const nearby = { locationRestriction: { circle: { center, radius: 500 } } };
    expect(await places.searchNearby(nearby, '*')).toEqual({ places: [{ id: 'place_1' }] });
    expect(request()).toEqual(['POST /v1/places:searchNearby', '*', nearby]);

    expect(await places.autocomplete({ input: 'piz' })).toEqual({
      suggestions: [{ placePrediction: { placeId: 'place_1' } }],
    });
    expect(request()).toEqual(['POST /v1/places:autocomplete', undefined, { input: 'piz' }]);

    const id = 'ChIJj61dQgK6j4AR4GeTYWZsWWw';
    expect(await places.get(id, ['id'], { languageCode: 'de' })).toEqual({ id });
    expect(request()).toEqual([`GET /v1/places/${id}?languageCode=de`, 'id', undefined]);
  });

  test('routes', async () => {
    await connect('google_maps');
    const { routes } = await vault.requireTenantGoogleMapsClient(tenant);
    const [origin, destination] = [{ address: 'A' }, { placeId: 'place_1' }];
    const way = { origin, destination, travelMode: 'DRIVE' as const };
    expect(await routes.computeRoutes(way, ['routes.duration'])).toEqual({
      routes: [{ distanceMeters: 772, duration: '165s' }],
    });
    expect(request()).toEqual(['POST /directions/v2:computeRoutes', 'routes.duration', way]);

    const matrix = { origins: [{ waypoint: origin }], destinations: [{ waypoint: destination }] };
    const [element] = await routes.computeRouteMatrix(matrix, ['duration', 'condition']);
    expect(element).toMatchObject({ condition: 'ROUTE_EXISTS', duration: '165s' });
    expect(request()).toEqual([
      'POST /distanceMatrix/v2:computeRouteMatrix',
      'duration,condition',
      matrix,
    ]);
  });

  test.each([
    ['wrong', 'CREDENTIAL_INVALID', 400],
    ['restricted', 'PERMISSION_MISSING', 403],
    ['throttled', 'VENDOR_RATE_LIMITED', 429],
    ['broken', 'VENDOR_ERROR', 500],
    ['html', 'VENDOR_ANSWER_UNEXPECTED', 200],
    ['malformed', 'VENDOR_ANSWER_UNEXPECTED', 200],
    ['redirected', 'VENDOR_ANSWER_UNEXPECTED', 302],
  ] as const)('%s: %s', async (behaviour, code, status) => {
    await connect('google_maps', behaviour);
    const { places } = await vault.requireTenantGoogleMapsClient(tenant);
    const error = await places.autocomplete({ input: 'piz' }).catch((error) => error);
    expect(error).toMatchObject({ code, status });
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('AIza-');
    expect(vendors.elsewhere).toEqual([]);
  });
});

test('a photo of Google’s is fetched from where Google says, without the key', async () => {
  await connect('google_maps', 'redirected');
  const client = await vault.requireTenantGoogleMapsClient(tenant);
  const params = { photoreference: 'photo_1', maxwidth: 1 } as never;
  const request = { params, responseType: 'arraybuffer' as const };
  expect((await client.placePhoto(request)).status).toBe(200);
  expect(vendors.elsewhere).toHaveLength(1);
  expect(vendors.elsewhere[0]).not.toContain('AIza-redirected');
});
