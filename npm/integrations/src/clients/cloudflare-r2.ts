import type { S3Client } from '@aws-sdk/client-s3';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored } from './sdk.js';

/** The tenant's Cloudflare R2 client (R2 speaks S3), or `null` if Cloudflare R2 is not configured. */
export async function getTenantCloudflareR2Client(tenantId: string): Promise<S3Client | null> {
  return cachedClient(tenantId, 'cloudflare_r2', build);
}

/** The tenant's Cloudflare R2 client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantCloudflareR2Client(tenantId: string): Promise<S3Client> {
  return requiredClient(getTenantCloudflareR2Client(tenantId), 'cloudflare_r2', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<S3Client> {
  const sdk = await importSdk();
  const accountId = stored(credential, 'metadata.accountId');
  const client = construct(
    'cloudflare_r2',
    () =>
      new sdk.S3Client({
        region: 'auto',
        endpoint: endpointOf('cloudflare_r2').replace('{metadata.accountId}', accountId),
        forcePathStyle: true,
        credentials: {
          accessKeyId: stored(credential, 'apiKey'),
          secretAccessKey: stored(credential, 'apiSecret'),
        },
      }),
  );
  return opaque(client, 'cloudflare_r2', tenantId);
}

async function importSdk() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw importFailure('cloudflare_r2', '@aws-sdk/client-s3', error);
  }
}
