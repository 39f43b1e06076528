import type Mux from '@mux/mux-node';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { isIntegrationError } from '../errors.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { refusalOf } from './refusals.js';
import { constructClient, field, importFailure, redactInspection, secretsOf } from './sdk.js';
import type { Installed } from './sdk-types.js';
import { finishStainless, stainlessOptions } from './stainless.js';

/**
 * What callers need of Mux; a test double needs no more. Parameters are those of the SDK, which differ
 * between its majors.
 */
export interface MuxClient {
  video: {
    assets: {
      create(params: object): Promise<MuxAsset>;
      retrieve(assetId: string): Promise<MuxAsset>;
      delete(assetId: string): Promise<void>;
    };
    uploads: {
      create(params: object): Promise<MuxUpload>;
    };
  };
}

/** A video. */
export interface MuxAsset {
  id: string;
  status?: 'preparing' | 'ready' | 'errored';
  playback_ids?: { id: string; policy: string }[];
  /** Seconds. */
  duration?: number;
  aspect_ratio?: string;
  upload_id?: string;
  passthrough?: string;
  errors?: { type?: string; messages?: string[] };
}

/** A place that a browser uploads a video to. */
export interface MuxUpload {
  id: string;
  url?: string;
  status?: 'waiting' | 'asset_created' | 'errored' | 'cancelled' | 'timed_out';
  asset_id?: string;
}

/** The client of Mux's SDK. */
export type MuxSdkClient = MuxClient & Installed<Mux>;

/**
 * The tenant's Mux client, from the cache or made of what is stored.
 *
 * @returns `null` if Mux is not configured, or without its token secret
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export function getTenantMuxClient(tenantId: string): Promise<MuxSdkClient | null>;
/** What mocks take this function for. */
export function getTenantMuxClient(tenantId: string): Promise<MuxClient | null>;
export async function getTenantMuxClient(
  this: unknown,
  tenantId: string,
): Promise<MuxClient | null> {
  try {
    return await cachedClient(vaultOf(this), tenantId, 'mux', build);
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'CREDENTIAL_INCOMPLETE') {
      return null;
    }
    throw error;
  }
}

/**
 * The tenant's Mux client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`,
 *   `DATABASE_…`
 */
export function requireTenantMuxClient(tenantId: string): Promise<MuxSdkClient>;
/** What mocks take this function for. */
export function requireTenantMuxClient(tenantId: string): Promise<MuxClient>;
export async function requireTenantMuxClient(this: unknown, tenantId: string): Promise<MuxClient> {
  return requiredClient(getTenantMuxClient.call(this, tenantId), 'mux', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<MuxClient> {
  const { Mux: MuxSdk } = await importSdk();
  const baseURL = endpointOf(vault, 'mux', credential);
  const client: MuxClient = constructClient(
    'mux',
    () =>
      new MuxSdk({
        ...stainlessOptions(baseURL, refusalOf(vault, tenantId, 'mux')),
        tokenId: field(credential, 'apiKey'),
        tokenSecret: field(credential, 'apiSecret'),
        baseURL,
        // What is left out would come from the environment of the platform.
        webhookSecret: credential.values.webhookSecret ?? null,
        jwtSigningKey: null,
        jwtPrivateKey: null,
        authorizationToken: null,
      }),
  );
  return finishStainless(client, (client) =>
    redactInspection(client, 'mux', tenantId, secretsOf('mux', credential)),
  );
}

async function importSdk() {
  try {
    return await import('@mux/mux-node');
  } catch (error) {
    throw importFailure('mux', '@mux/mux-node', error);
  }
}
