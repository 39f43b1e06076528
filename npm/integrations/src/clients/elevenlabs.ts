import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { refusalOf } from './refusals.js';
import {
  constructClient,
  field,
  importFailure,
  needsNode,
  redactInspection,
  secretsOf,
} from './sdk.js';
import { fetchFrom, isRedirect } from './vendor-fetch.js';

/**
 * The tenant's ElevenLabs client, from the cache or made of what is stored.
 *
 * @returns `null` if ElevenLabs is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function getTenantElevenLabsClient(
  this: unknown,
  tenantId: string,
): Promise<ElevenLabsClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'elevenlabs', build);
}

/**
 * The tenant's ElevenLabs client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`,
 *   `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function requireTenantElevenLabsClient(
  this: unknown,
  tenantId: string,
): Promise<ElevenLabsClient> {
  return requiredClient(getTenantElevenLabsClient.call(this, tenantId), 'elevenlabs', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<ElevenLabsClient> {
  const sdk = await importSdk();
  const apiKey = field(credential, 'apiKey');
  const baseUrl = endpointOf(vault, 'elevenlabs', credential);
  const refused = refusalOf(vault, tenantId, 'elevenlabs');
  const client = constructClient(
    'elevenlabs',
    () =>
      new sdk.ElevenLabsClient({
        // A function: each part of the client, made when first used, has these options printed.
        apiKey: () => apiKey,
        baseUrl,
        fetch: withoutRedirects(fetchFrom(baseUrl, refused)),
      }),
  );
  return redactInspection(client, 'elevenlabs', tenantId, secretsOf('elevenlabs', credential));
}

/** The SDK takes an answer that redirects for one that succeeded. */
function withoutRedirects(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (isRedirect(response.status)) {
      throw integrationError('VENDOR_ANSWER_UNEXPECTED', 'ElevenLabs redirected the request');
    }
    return response;
  };
}

async function importSdk() {
  if (!IS_EDGE_BUILD) {
    try {
      return await import('@elevenlabs/elevenlabs-js');
    } catch (error) {
      throw importFailure('elevenlabs', '@elevenlabs/elevenlabs-js', error);
    }
  }
  throw needsNode('elevenlabs');
}
