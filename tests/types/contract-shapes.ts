// Code as callers have written it against the types of contract section 6. It is checked by the
// compiler and never run.

import type {
  AnthropicClient,
  AnthropicMessage,
  AnthropicMessageParams,
  AssemblyAIClient,
  AssemblyAITranscribeOptions,
  AssemblyAITranscript,
  BaseTenantConfig,
  CreateQuoteParams,
  CreateRecipientParams,
  CreateTransferParams,
  CredentialVerificationResult,
  EasyPostClient,
  EasyPostTracker,
  EasyPostTrackingStatus,
  EasyPostTrackingStatusCode,
  MuxClient,
  OpenAIChatCompletion,
  OpenAIChatParams,
  OpenAIClient,
  OpenAIEmbedding,
  TenantApiCredential,
  TenantApiCredentialInput,
  TenantApiService,
  TenantIntegrationStatus,
  TenantResendConfig,
  TenantResendConfigInput,
  TenantStripeConfig,
  TenantStripeConfigInput,
  TenantWiseConfig,
  TenantWiseConfigInput,
  WiseBalance,
  WiseClient,
  WiseFundingResult,
  WiseProfile,
  WiseQuote,
  WiseRecipient,
  WiseTransfer,
} from '@cgk-platform/integrations';
import * as vault from '@cgk-platform/integrations';
import type { Resend } from 'resend';
import type Stripe from 'stripe';

export async function callers(tenant: string): Promise<unknown[]> {
  const stripe: Stripe | null = await vault.getTenantStripeClient(tenant);
  const required: Stripe = await vault.requireTenantStripeClient(tenant);
  const resend: Resend = await vault.requireTenantResendClient(tenant);
  const mux: MuxClient | null = await vault.getTenantMuxClient(tenant);
  const asset = await mux?.video.assets.retrieve('id');
  await mux?.video.assets.delete('id');
  await mux?.video.uploads.create({ cors_origin: '*' });

  const anthropic: AnthropicClient | null = await vault.getTenantAnthropicClient(tenant);
  const conversation: AnthropicMessageParams = {
    model: 'm',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'Hello' }],
    system: 's',
  };
  const message: AnthropicMessage | undefined = await anthropic?.createMessage(conversation);
  const key: string | undefined = anthropic?.apiKey;

  const openai: OpenAIClient | null = await vault.getTenantOpenAIClient(tenant);
  const chat: OpenAIChatParams = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
  const completion: OpenAIChatCompletion | undefined = await openai?.createChatCompletion(chat);
  const embedding: OpenAIEmbedding | undefined = await openai?.createEmbedding('Hello');

  const assembly: AssemblyAIClient | null = await vault.getTenantAssemblyAIClient(tenant);
  const options: AssemblyAITranscribeOptions = { language_code: 'en', speaker_labels: true };
  const transcript: AssemblyAITranscript | undefined = await assembly?.transcribe('url', options);
  const words = transcript?.words?.map(({ text, start }) => `${text}${start}`);

  const easypost: EasyPostClient | null = await vault.getTenantEasyPostClient(tenant);
  const tracker: EasyPostTracker | undefined = await easypost?.createTracker('code', 'UPS');
  const events: EasyPostTrackingStatus[] | undefined = tracker?.tracking_details;
  const code: EasyPostTrackingStatusCode | undefined = tracker?.status;

  const wise: WiseClient | null = await vault.getTenantWiseClient(tenant);
  const quoteParams: CreateQuoteParams = { sourceCurrency: 'USD', targetCurrency: 'EUR' };
  const quote: WiseQuote | undefined = await wise?.createQuote(quoteParams);
  const recipientParams: CreateRecipientParams = {
    currency: 'EUR',
    type: 'iban',
    profile: 1,
    accountHolderName: 'A',
    details: {},
  };
  const recipient: WiseRecipient | undefined = await wise?.createRecipient(recipientParams);
  const transferParams: CreateTransferParams = {
    targetAccount: 1,
    quoteUuid: 'q',
    customerTransactionId: 'c',
  };
  const transfer: WiseTransfer | undefined = await wise?.createTransfer(transferParams);
  const funding: WiseFundingResult | undefined = await wise?.fundTransfer(1);
  const balances: WiseBalance[] | undefined = await wise?.getBalances();
  const profiles: WiseProfile[] | undefined = await wise?.getProfiles();
  const raw = await wise?.get<{ id: number }>('/v1/me');

  const service: TenantApiService = 'mux';
  const checks: CredentialVerificationResult[] = [
    await vault.verifyTenantServiceCredentials(tenant, service),
    await vault.verifyTenantStripeCredentials(tenant),
  ];
  const { livemode, accountCountry } = await vault.verifyTenantStripeCredentials(tenant);
  const { domains } = await vault.verifyTenantResendCredentials(tenant);
  const found: { profiles?: WiseProfile[] } = await vault.verifyTenantWiseCredentials(tenant);

  const stripeInput: TenantStripeConfigInput = { secretKey: 'k', livemode: true };
  const resendInput: TenantResendConfigInput = { apiKey: 'k', defaultFromEmail: 'a@b.co' };
  const wiseInput: TenantWiseConfigInput = { apiKey: 'k', sandboxMode: true };
  const apiInput: TenantApiCredentialInput = { serviceName: 'mux', apiKey: 'k', metadata: {} };
  const stripeConfig: TenantStripeConfig = await vault.saveTenantStripeConfig(tenant, stripeInput);
  const resendConfig: TenantResendConfig = await vault.saveTenantResendConfig(tenant, resendInput);
  const wiseConfig: TenantWiseConfig = await vault.saveTenantWiseConfig(tenant, wiseInput);
  const credential: TenantApiCredential = await vault.saveTenantApiCredential(tenant, apiInput);
  const bases: BaseTenantConfig[] = [stripeConfig, resendConfig, wiseConfig, credential];
  const statuses: TenantIntegrationStatus[] = await vault.getTenantCredentialStatuses(tenant);

  return [
    ...[stripe, required, resend, asset, message, key, completion, embedding, words, events, code],
    ...[quote, recipient, transfer, funding, balances, profiles, raw, checks, livemode],
    ...[accountCountry, domains, found, bases, statuses],
  ];
}
