import type Mux from '@mux/mux-node';
import { isIntegrationError } from '../errors.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored } from './sdk.js';

/** The client of Mux's SDK. */
export type MuxClient = Mux;

/** The tenant's Mux client, or `null` if Mux is not configured, or without its token secret. */
export async function getTenantMuxClient(tenantId: string): Promise<MuxClient | null> {
  try {
    return await cachedClient(tenantId, 'mux', build);
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'CREDENTIAL_INCOMPLETE') {
      return null;
    }
    throw error;
  }
}

/** The tenant's Mux client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantMuxClient(tenantId: string): Promise<MuxClient> {
  return requiredClient(getTenantMuxClient(tenantId), 'mux', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<MuxClient> {
  const { Mux: MuxSdk } = await importSdk();
  const client = construct(
    'mux',
    () =>
      new MuxSdk({
        tokenId: stored(credential, 'apiKey'),
        tokenSecret: stored(credential, 'apiSecret'),
        baseURL: endpointOf('mux'),
        // What is left out would come from the environment of the platform.
        webhookSecret: credential.values.webhookSecret ?? null,
        jwtSigningKey: null,
        jwtPrivateKey: null,
        authorizationToken: null,
      }),
  );
  return opaque(client, 'mux', tenantId);
}

async function importSdk() {
  try {
    return await import('@mux/mux-node');
  } catch (error) {
    throw importFailure('mux', '@mux/mux-node', error);
  }
}
