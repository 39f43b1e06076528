import type EasyPost from '@easypost/api';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { type Refused, refusalOf } from './refusals.js';
import {
  constructClient,
  defineHidden,
  field,
  importFailure,
  needsNode,
  optionalSdk,
  redactInspection,
  secretsOf,
  withoutSdkMembers,
} from './sdk.js';
import type { Installed } from './sdk-types.js';
import { vendorApi } from './vendor-api.js';
import { isRedirect } from './vendor-fetch.js';

/** What callers need of EasyPost; a test double needs no more. */
export interface EasyPostClient {
  readonly apiKey: string;
  /** Starts to track a parcel; EasyPost finds the carrier if it is left out. */
  createTracker(code: string, carrier?: string): Promise<EasyPostTracker>;
  /** A tracker as it is now. */
  getTracker(id: string): Promise<EasyPostTracker>;
  /** Tracks a parcel of a known carrier. */
  trackShipment(code: string, carrier: string): Promise<EasyPostTracker>;
}

/**
 * The client of EasyPost's SDK, with the methods that callers had before. Where the package
 * `@easypost/api` is missing, and on the edge, those methods work by themselves, and the SDK's own
 * members throw `SDK_MISSING` or `SDK_UNSUPPORTED`.
 */
export type EasyPostSdkClient = EasyPostClient & Installed<InstanceType<typeof EasyPost>>;

export type EasyPostTrackingStatusCode =
  | 'unknown'
  | 'pre_transit'
  | 'in_transit'
  | 'out_for_delivery'
  | 'delivered'
  | 'available_for_pickup'
  | 'return_to_sender'
  | 'failure'
  | 'cancelled'
  | 'error';

/** One event on a parcel's way. */
export interface EasyPostTrackingStatus {
  status: string;
  status_detail: string;
  datetime: string;
  source: string;
  carrier: string;
  tracking_location?: {
    city: string | null;
    state: string | null;
    country: string | null;
    zip: string | null;
  };
}

/** A parcel on its way. */
export interface EasyPostTracker {
  id: string;
  object: 'Tracker';
  mode: 'test' | 'production';
  tracking_code: string;
  status: EasyPostTrackingStatusCode;
  status_detail: string;
  created_at: string;
  updated_at: string;
  carrier: string;
  public_url: string;
  tracking_details: EasyPostTrackingStatus[];
  est_delivery_date: string | null;
  signed_by: string | null;
  weight: number | null;
  carrier_detail?: {
    service: string | null;
    container_type: string | null;
    est_delivery_date_local: string | null;
    est_delivery_time_local: string | null;
    origin_location: string | null;
    destination_location: string | null;
    guaranteed_delivery_date: string | null;
    alternate_identifier: string | null;
    initial_delivery_attempt: string | null;
  };
}

/** Milliseconds that an answer may take: the SDK's own limit. */
const TIMEOUT_MS = 60_000;
const SDK_MEMBERS = [
  ...['Address', 'ApiKey', 'Batch', 'BetaRate', 'BetaReferralCustomer', 'Billing'],
  ...['CarrierAccount', 'CarrierMetadata', 'CarrierType', 'Claim', 'CustomerPortal', 'CustomsInfo'],
  ...['CustomsItem', 'Embeddable', 'EndShipper', 'Event', 'FedExRegistration', 'Insurance', 'Luma'],
  ...['Order', 'Parcel', 'Pickup', 'Rate', 'ReferralCustomer', 'Refund', 'Report', 'ScanForm'],
  ...['Shipment', 'SmartRate', 'Tracker', 'User', 'Utils', 'Webhook', 'makeApiCall'],
];

/**
 * The tenant's EasyPost client, from the cache or made of what is stored.
 *
 * @returns `null` if EasyPost is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function getTenantEasyPostClient(tenantId: string): Promise<EasyPostSdkClient | null>;
/** What mocks take this function for. */
export function getTenantEasyPostClient(tenantId: string): Promise<EasyPostClient | null>;
export async function getTenantEasyPostClient(
  this: unknown,
  tenantId: string,
): Promise<EasyPostClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'easypost', build);
}

/**
 * The tenant's EasyPost client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function requireTenantEasyPostClient(tenantId: string): Promise<EasyPostSdkClient>;
/** What mocks take this function for. */
export function requireTenantEasyPostClient(tenantId: string): Promise<EasyPostClient>;
export async function requireTenantEasyPostClient(
  this: unknown,
  tenantId: string,
): Promise<EasyPostClient> {
  return requiredClient(getTenantEasyPostClient.call(this, tenantId), 'easypost', tenantId);
}

/** Where a parcel is, in short. */
export interface TrackingSummary {
  delivered: boolean;
  inTransit: boolean;
  status: EasyPostTrackingStatusCode;
  /** More about the status; what went wrong where it is `error`. */
  statusDetail?: string;
  estimatedDelivery?: string;
  signedBy?: string;
  trackingUrl?: string;
}

/**
 * Where a parcel is. Never rejects: the status is `unknown` where EasyPost is not connected, and
 * `error` where something goes wrong.
 *
 * @returns its status, in short
 */
export async function checkEasyPostTrackingStatus(
  this: unknown,
  tenantId: string,
  trackingNumber: string,
  carrier = 'USPS',
): Promise<TrackingSummary> {
  try {
    const client = await getTenantEasyPostClient.call(this, tenantId);
    return client
      ? await track(client, trackingNumber, carrier)
      : untracked('unknown', 'EasyPost is not connected');
  } catch (error) {
    // Texts about a tenant name it; what is answered here may be shown to its customers.
    const code = isIntegrationError(error) ? ` (${error.code})` : '';
    return untracked('error', `EasyPost cannot be used${code}`);
  }
}

async function track(
  client: EasyPostClient,
  trackingNumber: string,
  carrier: string,
): Promise<TrackingSummary> {
  let tracker: EasyPostTracker;
  try {
    tracker = await client.trackShipment(trackingNumber, carrier);
  } catch {
    // EasyPost's own text may quote the request.
    return untracked('error', 'EasyPost could not track the parcel');
  }
  const { status, status_detail, est_delivery_date, signed_by, public_url } = tracker;
  return {
    delivered: status === 'delivered',
    inTransit: status === 'in_transit' || status === 'out_for_delivery',
    status,
    ...(status_detail && { statusDetail: status_detail }),
    ...(est_delivery_date && { estimatedDelivery: est_delivery_date }),
    ...(signed_by && { signedBy: signed_by }),
    ...(public_url && { trackingUrl: public_url }),
  };
}

function untracked(status: 'unknown' | 'error', statusDetail: string): TrackingSummary {
  return { delivered: false, inTransit: false, status, statusDetail };
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<EasyPostClient> {
  const endpoint = endpointOf(vault, 'easypost', credential);
  const refused = refusalOf(vault, tenantId, 'easypost');
  const found = await optionalSdk(importSdk());
  const client = found.sdk
    ? sdkClient(found.sdk.default, endpoint, credential, refused)
    : withoutSdkMembers(plainClient(endpoint, credential, refused), SDK_MEMBERS, found.missing);
  return redactInspection(client, 'easypost', tenantId, secretsOf('easypost', credential));
}

function sdkClient(
  Sdk: typeof EasyPost,
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): EasyPostClient {
  const apiKey = field(credential, 'apiKey');
  const baseUrl = `${endpoint}/v2/`;
  const client = constructClient(
    'easypost',
    () => new Sdk(apiKey, { baseUrl, requestMiddleware: (request) => request.redirects(0) }),
  );
  guardRequests(client, baseUrl, refused);
  const createTracker = async (code: string, carrier?: string) => {
    const tracker: unknown = await client.Tracker.create(trackerOf(code, carrier));
    return (isUnsaved(tracker) ? await tracker.save() : tracker) as EasyPostTracker;
  };
  return defineHidden(client, {
    apiKey,
    createTracker,
    trackShipment: createTracker,
    getTracker: async (id: string) =>
      (await client.Tracker.retrieve(encodeURIComponent(id))) as unknown as EasyPostTracker,
  });
}

/** Before version 6 of the SDK, `create` makes an object that is sent when it is saved. */
function isUnsaved(tracker: unknown): tracker is { save(): Promise<unknown> } {
  return typeof (tracker as { save?: unknown } | undefined)?.save === 'function';
}

type Send = (path?: string, ...rest: unknown[]) => Promise<unknown>;

/**
 * A full URL in the place of a path would take the key along, and an error of the SDK's transport has
 * the request with it.
 */
function guardRequests(client: object, baseUrl: string, refused: Refused): void {
  const inner = client as Partial<Record<'_request' | 'request', Send>>;
  // It has its underscore since version 6.
  const name = inner._request ? '_request' : 'request';
  const send = inner[name]?.bind(client);
  if (!send) {
    return;
  }
  inner[name] = async (path = '', ...rest) => {
    if (/^https?:/i.test(path) && !path.startsWith(baseUrl)) {
      throw new TypeError('The request is for another host than EasyPost: the key stays there');
    }
    try {
      return await send(path, ...rest);
    } catch (error) {
      if (isRefusal(error as Refusal)) {
        refused();
      }
      throw withoutRequest(error);
    }
  };
}

interface Refusal {
  status?: number;
  statusCode?: number;
  code?: string;
}

/** A key that was switched off has another status than a wrong one. */
function isRefusal({ status, statusCode = status, code }: Refusal): boolean {
  return statusCode === 401 || (statusCode === 403 && code === 'APIKEY.INACTIVE');
}

/** The SDK's own errors as they are; of its transport's only what says what went wrong. */
function withoutRequest(error: unknown): unknown {
  const { response, status, code, message } = error as {
    response?: unknown;
    status?: number;
    code?: string;
    message: string;
  };
  if (status !== undefined && isRedirect(status)) {
    return integrationError('VENDOR_ANSWER_UNEXPECTED', 'EasyPost redirected the request');
  }
  return response === undefined && code === undefined
    ? error
    : Object.assign(new Error(message), { code, status });
}

function plainClient(
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): EasyPostClient {
  const apiKey = field(credential, 'apiKey');
  const call = vendorApi({
    service: 'easypost',
    baseUrl: endpoint,
    secret: apiKey,
    headers: { authorization: `Basic ${btoa(`${apiKey}:`)}` },
    timeoutMs: TIMEOUT_MS,
    refused,
    codeOf: (status, answer) =>
      status === 403 && answer.includes('APIKEY.INACTIVE') ? 'CREDENTIAL_INVALID' : undefined,
  });
  const createTracker = async (code: string, carrier?: string) =>
    call<EasyPostTracker>({
      method: 'POST',
      path: '/v2/trackers',
      body: { tracker: trackerOf(code, carrier) },
    });
  return defineHidden(
    {},
    {
      apiKey,
      createTracker,
      trackShipment: createTracker,
      getTracker: async (id: string) =>
        call<EasyPostTracker>({ method: 'GET', path: `/v2/trackers/${encodeURIComponent(id)}` }),
    },
  );
}

function trackerOf(code: string, carrier: string | undefined) {
  return { tracking_code: code, ...(carrier && { carrier }) };
}

async function importSdk() {
  if (!IS_EDGE_BUILD) {
    try {
      return await import('@easypost/api');
    } catch (error) {
      throw importFailure('easypost', '@easypost/api', error);
    }
  }
  throw needsNode('easypost');
}
