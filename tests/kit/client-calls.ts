// The clients of all services, and a first call of each.

import type { TenantService } from '@cgk-platform/integrations';
import { SERVICE_IDS, SERVICES } from './services';
import { ON_EDGE, vault } from './vault';

const s3: typeof import('@aws-sdk/client-s3') = ON_EDGE
  ? require('./edge-vault').s3
  : require('@aws-sdk/client-s3');

/** Services whose SDKs do not run on the edge runtime, and which have no other client. */
export const NEED_NODE = SERVICE_IDS.filter((id) => SERVICES[id].client.needsNode);

/** Those that have a client where these tests run. */
export const WITH_CLIENT = SERVICE_IDS.filter((id) => !(ON_EDGE && NEED_NODE.includes(id)));

/** Gives the client of a service, or `null`. */
export function getClient(service: TenantService, tenant: string): Promise<object | null> {
  const { name } = SERVICES[service].client;
  return vault[`getTenant${name}Client`](tenant);
}

/** Gives the client of a service, or rejects. */
export function requireClient(service: TenantService, tenant: string): Promise<object> {
  const { name } = SERVICES[service].client;
  return vault[`requireTenant${name}Client`](tenant);
}

/** Makes the first call. */
export async function callClient(service: TenantService, tenant: string): Promise<unknown> {
  const client = await requireClient(service, tenant);
  return SERVICES[service].client.call(client as never, { onEdge: ON_EDGE, s3 });
}

/** What the vendor is asked by it. */
export function expectedRequest(service: TenantService): string {
  const { request, requestOnEdge } = SERVICES[service].client;
  return (ON_EDGE && requestOnEdge) || request;
}
