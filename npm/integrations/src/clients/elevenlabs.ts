import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, loadSdk, opaque, stored } from './sdk.js';

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

function build(credential: TenantCredential, tenantId: string): ElevenLabsClient {
  const sdk = loadSdk(
    'elevenlabs',
    '@elevenlabs/elevenlabs-js',
    () => require('@elevenlabs/elevenlabs-js') as typeof import('@elevenlabs/elevenlabs-js'),
  );
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
