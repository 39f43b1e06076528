import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { type Refused, refusalOf } from './refusals.js';
import { constructClient, field, importFailure, redactInspection, secretsOf } from './sdk.js';

/**
 * The SDK's defaults. What is left out would come from the environment of the platform, or from its
 * files (`~/.aws/config`), which are meant for AWS.
 */
const OWN_SETTINGS: S3ClientConfig = {
  authSchemePreference: [],
  defaultsMode: 'standard',
  disableMultiregionAccessPoints: false,
  disableS3ExpressSessionAuth: true,
  maxAttempts: 3,
  requestChecksumCalculation: 'WHEN_SUPPORTED',
  responseChecksumValidation: 'WHEN_SUPPORTED',
  retryMode: 'standard',
  sigv4aSigningRegionSet: [],
  useArnRegion: false,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
};

/** For the SDK's transport by `fetch`; the one for Node follows none. */
const WITHOUT_REDIRECTS = { requestInit: () => ({ redirect: 'manual' }) } as object;

/**
 * The tenant's Cloudflare R2 client (R2 speaks S3), from the cache or made of what is stored.
 *
 * @returns `null` if Cloudflare R2 is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function getTenantCloudflareR2Client(
  this: unknown,
  tenantId: string,
): Promise<S3Client | null> {
  return cachedClient(vaultOf(this), tenantId, 'cloudflare_r2', build);
}

/**
 * The tenant's Cloudflare R2 client (R2 speaks S3), from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`,
 *   `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function requireTenantCloudflareR2Client(
  this: unknown,
  tenantId: string,
): Promise<S3Client> {
  return requiredClient(
    getTenantCloudflareR2Client.call(this, tenantId),
    'cloudflare_r2',
    tenantId,
  );
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<S3Client> {
  const sdk = await importSdk();
  const endpoint = endpointOf(vault, 'cloudflare_r2', credential).replace(
    '{metadata.accountId}',
    field(credential, 'metadata.accountId'),
  );
  const client = constructClient(
    'cloudflare_r2',
    () =>
      new sdk.S3Client({
        region: 'auto',
        endpoint,
        forcePathStyle: true,
        ...OWN_SETTINGS,
        ...(IS_EDGE_BUILD && { requestHandler: WITHOUT_REDIRECTS }),
        credentials: {
          accessKeyId: field(credential, 'apiKey'),
          secretAccessKey: field(credential, 'apiSecret'),
        },
      }),
  );
  const refused = refusalOf(vault, tenantId, 'cloudflare_r2');
  client.middlewareStack.add(withoutTransport(refused), { step: 'initialize', priority: 'high' });
  return redactInspection(
    client,
    'cloudflare_r2',
    tenantId,
    secretsOf('cloudflare_r2', credential),
  );
}

/**
 * An unknown key and a wrong secret have status 401 or 403. An answer to `HEAD` has no body that says which
 * 403 it is.
 */
function isRefusal(status: number | undefined, name: string | undefined): boolean {
  return status === 401 || (status === 403 && name !== 'AccessDenied');
}

/** Errors of the SDK have the connection with them, and so the request that was signed. */
function withoutTransport(refused: Refused) {
  return <Args, Result>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      try {
        return await next(args);
      } catch (error) {
        const { name, $metadata, $response } = error as {
          name?: string;
          $metadata?: { httpStatusCode?: number };
          $response?: { body?: unknown };
        };
        if (isRefusal($metadata?.httpStatusCode, name)) {
          refused();
        }
        if ($response) {
          $response.body = undefined;
        }
        throw error;
      }
    };
}

async function importSdk() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw importFailure('cloudflare_r2', '@aws-sdk/client-s3', error);
  }
}
