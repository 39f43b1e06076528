import type { CredentialInput } from '../index.js';
import type { TenantService } from '../types.js';
import { TWILIO_ACCOUNT } from './vendor-answers.js';

/** Inputs that are nobody's, with the shapes that the services' rules ask for. */
export const TEST_CREDENTIALS: { readonly [Service in TenantService]: CredentialInput<Service> } = {
  stripe: { secretKey: 'sk_test_vault', webhookSecret: 'whsec_vault' },
  wise: { apiKey: 'wise-test-key' },
  resend: { apiKey: 're_test_key', defaultFromEmail: 'shop@example.com' },
  mux: { apiKey: 'mux-token-id', apiSecret: 'mux-token-secret' },
  assemblyai: { apiKey: 'assemblyai-test-key' },
  anthropic: { apiKey: 'sk-ant-test-key' },
  openai: { apiKey: 'sk-test-key' },
  elevenlabs: { apiKey: 'elevenlabs-test-key' },
  cloudflare_r2: {
    apiKey: 'r2-access-key-id',
    apiSecret: 'r2-secret-access-key',
    metadata: { accountId: '0123456789abcdef0123456789abcdef', bucket: 'media' },
  },
  google_maps: { apiKey: 'AIza-test-key' },
  twilio: { apiKey: TWILIO_ACCOUNT, apiSecret: 'twilio-auth-token' },
  easypost: { apiKey: 'EZTK-test-key' },
};
