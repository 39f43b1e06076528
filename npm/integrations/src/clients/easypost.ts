import type EasyPostSdk from '@easypost/api';
import { isIntegrationError } from '../errors.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, needsNode, opaque, stored, withMembers } from './sdk.js';

type Sdk = InstanceType<typeof EasyPostSdk>;

/** The client of EasyPost's SDK, with the methods that callers had before. */
export type EasyPostClient = Sdk & {
  readonly apiKey: string;
  /** Starts to track a parcel; EasyPost finds the carrier if it is left out. */
  createTracker(code: string, carrier?: string): Promise<EasyPostTracker>;
  /** A tracker as it is now. */
  getTracker(id: string): Promise<EasyPostTracker>;
  /** Tracks a parcel of a known carrier. */
  trackShipment(code: string, carrier: string): Promise<EasyPostTracker>;
};

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

/** The tenant's EasyPost client, or `null` if EasyPost is not configured. */
export async function getTenantEasyPostClient(tenantId: string): Promise<EasyPostClient | null> {
  return cachedClient(tenantId, 'easypost', build);
}

/** The tenant's EasyPost client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantEasyPostClient(tenantId: string): Promise<EasyPostClient> {
  return requiredClient(getTenantEasyPostClient(tenantId), 'easypost', tenantId);
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

/** Where a parcel is. Never rejects: what goes wrong is the status `error`. */
export async function checkEasyPostTrackingStatus(
  tenantId: string,
  trackingNumber: string,
  carrier = 'USPS',
): Promise<TrackingSummary> {
  try {
    const client = await requireTenantEasyPostClient(tenantId);
    return await track(client, trackingNumber, carrier);
  } catch (error) {
    return failed(isIntegrationError(error) ? error.message : 'EasyPost can not be used');
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
    return failed('EasyPost could not track the parcel');
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

function failed(statusDetail: string): TrackingSummary {
  return { delivered: false, inTransit: false, status: 'error', statusDetail };
}

async function build(credential: TenantCredential, tenantId: string): Promise<EasyPostClient> {
  const { default: Sdk } = await importSdk();
  const apiKey = stored(credential, 'apiKey');
  const baseUrl = `${endpointOf('easypost')}/v2/`;
  const client = construct('easypost', () => new Sdk(apiKey, { baseUrl }));
  const createTracker = async (code: string, carrier?: string) =>
    (await client.Tracker.create({
      tracking_code: code,
      ...(carrier && { carrier }),
    })) as unknown as EasyPostTracker;
  const complete: EasyPostClient = withMembers(client, {
    apiKey,
    createTracker,
    trackShipment: createTracker,
    getTracker: async (id: string) =>
      (await client.Tracker.retrieve(id)) as unknown as EasyPostTracker,
  });
  return opaque(complete, 'easypost', tenantId);
}

async function importSdk() {
  if (!BUILT_FOR_EDGE) {
    try {
      return await import('@easypost/api');
    } catch (error) {
      throw importFailure('easypost', '@easypost/api', error);
    }
  }
  throw needsNode('easypost');
}
