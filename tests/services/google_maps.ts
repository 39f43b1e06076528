import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { header, query } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';

const googleMaps: TestedService<'google_maps'> = {
  input: (word) => ({ apiKey: `AIza-${word}` }),
  vendor: {
    credential: (request) =>
      header('x-goog-api-key')(request) ?? query(request).get('key') ?? undefined,
    answers: VENDOR_ANSWERS.google_maps,
    wrong: [
      400,
      { error: { status: 'INVALID_ARGUMENT', details: [{}, { reason: 'API_KEY_INVALID' }] } },
    ],
    restricted: [
      403,
      { error: { status: 'PERMISSION_DENIED', details: [{ reason: 'API_KEY_SERVICE_BLOCKED' }] } },
    ],
  },
  refused: [
    [{ apiKey: 'oops.apps.googleusercontent.com' }, 'the id of an OAuth client'],
    [{ apiKey: '{"type":"oops"}' }, 'this is the file of a service account'],
    [{ apiKey: 'AIza1', webhookSecret: 'oops' }, 'Unknown field in the input'],
  ],
  client: client('GoogleMaps', {
    call: async (client) => {
      const params = { address: 'Mountain View' } as never;
      return (await client.geocode({ params })).data.results[0];
    },
    result: { formatted_address: '1600 Amphitheatre Parkway' },
    request: 'GET /maps/api/geocode/json?address=Mountain%20View&key=AIza-right',
  }),
  sdk: {
    package: '@googlemaps/google-maps-services-js',
    oldest: '3.3.26',
    newest: '3.4.2',
    call: "(await client.geocode({ params: { address: 'Mountain View' } })).data.results[0]",
    result: { formatted_address: '1600 Amphitheatre Parkway' },
  },
  withoutSdk: {
    calls: [
      ["places.searchText({ textQuery: 'pizza' }, ['places.id'])", { places: [{ id: 'place_1' }] }],
      [
        "routes.computeRoutes({ origin: {}, destination: {} }, '*')",
        { routes: [{ duration: '165s' }] },
      ],
    ],
    sdkMember: 'geocode',
  },
};

export default googleMaps;
