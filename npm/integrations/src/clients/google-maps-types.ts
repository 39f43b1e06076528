// What goes to and comes from Google's Places API (New) and Routes API.

/**
 * Fields of the answer, such as `places.displayName`, or `*` for all in development: Google answers
 * only what is named, and bills by it.
 */
export type GoogleFieldMask = string | readonly string[];

export interface GoogleLatLng {
  latitude: number;
  longitude: number;
}

/** A circle, with its radius in metres, or a rectangle. */
export interface GoogleArea {
  circle?: { center: GoogleLatLng; radius: number };
  rectangle?: { low: GoogleLatLng; high: GoogleLatLng };
}

/** A place, as far as its fields were asked for. */
export interface GooglePlace {
  id?: string;
  name?: string;
  displayName?: { text: string; languageCode?: string };
  formattedAddress?: string;
  location?: GoogleLatLng;
  types?: string[];
  [field: string]: unknown;
}

/** What is searched for by words; further parameters of Google's pass through. */
export interface GoogleTextSearch {
  textQuery: string;
  languageCode?: string;
  regionCode?: string;
  includedType?: string;
  pageSize?: number;
  pageToken?: string;
  locationBias?: GoogleArea;
  locationRestriction?: Pick<GoogleArea, 'rectangle'>;
  [parameter: string]: unknown;
}

/** What is searched for around a point; further parameters of Google's pass through. */
export interface GoogleNearbySearch {
  locationRestriction: Pick<GoogleArea, 'circle'>;
  includedTypes?: string[];
  excludedTypes?: string[];
  maxResultCount?: number;
  rankPreference?: 'POPULARITY' | 'DISTANCE';
  languageCode?: string;
  regionCode?: string;
  [parameter: string]: unknown;
}

/** What is completed; further parameters of Google's pass through. */
export interface GoogleAutocomplete {
  input: string;
  /** The same for all letters of one input and for the `get` that ends it: billed as one session. */
  sessionToken?: string;
  includedPrimaryTypes?: string[];
  includedRegionCodes?: string[];
  languageCode?: string;
  regionCode?: string;
  locationBias?: GoogleArea;
  locationRestriction?: GoogleArea;
  [parameter: string]: unknown;
}

export interface GoogleAutocompleteSuggestions {
  suggestions?: {
    placePrediction?: { placeId: string; text?: { text: string }; [field: string]: unknown };
    queryPrediction?: { text?: { text: string }; [field: string]: unknown };
  }[];
}

export interface GooglePlaceDetails {
  languageCode?: string;
  regionCode?: string;
  sessionToken?: string;
}

/** The Places API (New). */
export interface GooglePlaces {
  searchText(
    params: GoogleTextSearch,
    fields: GoogleFieldMask,
  ): Promise<{ places?: GooglePlace[]; nextPageToken?: string }>;
  searchNearby(
    params: GoogleNearbySearch,
    fields: GoogleFieldMask,
  ): Promise<{ places?: GooglePlace[] }>;
  /** Details of a place. */
  get(placeId: string, fields: GoogleFieldMask, params?: GooglePlaceDetails): Promise<GooglePlace>;
  /** Suggestions for what somebody is typing; all fields unless some are named. */
  autocomplete(
    params: GoogleAutocomplete,
    fields?: GoogleFieldMask,
  ): Promise<GoogleAutocompleteSuggestions>;
}

/** One of these says where. */
export interface GoogleWaypoint {
  address?: string;
  placeId?: string;
  location?: { latLng: GoogleLatLng; heading?: number };
  via?: boolean;
  [parameter: string]: unknown;
}

export type GoogleTravelMode = 'DRIVE' | 'BICYCLE' | 'WALK' | 'TWO_WHEELER' | 'TRANSIT';

/** What a way is looked for with; further parameters of Google's pass through. */
export interface GoogleRouteOptions {
  travelMode?: GoogleTravelMode;
  routingPreference?: 'TRAFFIC_UNAWARE' | 'TRAFFIC_AWARE' | 'TRAFFIC_AWARE_OPTIMAL';
  /** RFC 3339. */
  departureTime?: string;
  languageCode?: string;
  units?: 'METRIC' | 'IMPERIAL';
  [parameter: string]: unknown;
}

export interface GoogleRouteRequest extends GoogleRouteOptions {
  origin: GoogleWaypoint;
  destination: GoogleWaypoint;
  intermediates?: GoogleWaypoint[];
  computeAlternativeRoutes?: boolean;
}

export interface GoogleRouteMatrixRequest extends GoogleRouteOptions {
  origins: { waypoint: GoogleWaypoint; [parameter: string]: unknown }[];
  destinations: { waypoint: GoogleWaypoint; [parameter: string]: unknown }[];
}

/** A way, as far as its fields were asked for. */
export interface GoogleRoute {
  distanceMeters?: number;
  /** Seconds, such as `165s`. */
  duration?: string;
  polyline?: { encodedPolyline?: string };
  [field: string]: unknown;
}

/** The way from one origin to one destination, as far as its fields were asked for. */
export interface GoogleRouteMatrixElement {
  originIndex?: number;
  destinationIndex?: number;
  condition?: 'ROUTE_EXISTS' | 'ROUTE_NOT_FOUND';
  distanceMeters?: number;
  /** Seconds, such as `165s`. */
  duration?: string;
  [field: string]: unknown;
}

/** The Routes API. */
export interface GoogleRoutes {
  computeRoutes(
    params: GoogleRouteRequest,
    fields: GoogleFieldMask,
  ): Promise<{ routes?: GoogleRoute[] }>;
  computeRouteMatrix(
    params: GoogleRouteMatrixRequest,
    fields: GoogleFieldMask,
  ): Promise<GoogleRouteMatrixElement[]>;
}
