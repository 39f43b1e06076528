import type { TenantApiCredentialInput, TenantApiService } from '@cgk-platform/integrations';

/** Credentials of the form that each vendor's have. */
export const SAMPLES: Record<TenantApiService, Omit<TenantApiCredentialInput, 'serviceName'>> = {
  mux: { apiKey: 'mux-token-id', apiSecret: 'mux-token-secret' },
  assemblyai: { apiKey: 'assemblyai-key' },
  anthropic: { apiKey: 'sk-ant-key' },
  openai: { apiKey: 'sk-key' },
  elevenlabs: { apiKey: 'elevenlabs-key' },
  cloudflare_r2: {
    apiKey: 'r2-access-key-id',
    apiSecret: 'r2-secret-access-key',
    metadata: { accountId: '0123456789abcdef0123456789abcdef' },
  },
  google_maps: { apiKey: 'AIza-key' },
  twilio: { apiKey: 'AC0123456789abcdef0123456789abcdef', apiSecret: 'twilio-auth-token' },
  easypost: { apiKey: 'EZAK-key' },
};
