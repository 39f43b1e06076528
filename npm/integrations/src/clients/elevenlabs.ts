import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, needsNode, opaque, stored } from './sdk.js';

/** The tenant's ElevenLabs client, or `null` if ElevenLabs is not configured. */
export async function getTenantElevenLabsClient(
  tenantId: string,
): Promise<ElevenLabsClient | null> {
  return cachedClient(tenantId, 'elevenlabs', build);
}

/** The tenant's ElevenLabs client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantElevenLabsClient(tenantId: string): Promise<ElevenLabsClient> {
  return requiredClient(getTenantElevenLabsClient(tenantId), 'elevenlabs', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<ElevenLabsClient> {
  const sdk = await importSdk();
  const client = construct(
    'elevenlabs',
    () =>
      new sdk.ElevenLabsClient({
        apiKey: stored(credential, 'apiKey'),
        baseUrl: endpointOf('elevenlabs'),
      }),
  );
  return opaque(client, 'elevenlabs', tenantId);
}

async function importSdk() {
  if (!BUILT_FOR_EDGE) {
    try {
      return await import('@elevenlabs/elevenlabs-js');
    } catch (error) {
      throw importFailure('elevenlabs', '@elevenlabs/elevenlabs-js', error);
    }
  }
  throw needsNode('elevenlabs');
}
