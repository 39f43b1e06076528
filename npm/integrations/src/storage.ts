import { callStore, parse } from './core.js';
import type {
  ApiAccountInfo,
  ResendAccountInfo,
  StripeAccountInfo,
  TenantApiCredential,
  TenantApiCredentialInput,
  TenantApiKeyAndSecret,
  TenantApiService,
  TenantIntegrationStatus,
  TenantResendConfig,
  TenantResendConfigInput,
  TenantStripeConfig,
  TenantStripeConfigInput,
  TenantWiseConfig,
  TenantWiseConfigInput,
  WiseAccountInfo,
} from './types.js';

/** The tenant's Stripe configuration. */
export async function getTenantStripeConfig(tenantId: string): Promise<TenantStripeConfig | null> {
  return parse(await callStore((store) => store.getTenantStripeConfig(tenantId)));
}

/** Saves the tenant's Stripe configuration; fields left out keep their value. */
export async function saveTenantStripeConfig(
  tenantId: string,
  input: TenantStripeConfigInput,
): Promise<TenantStripeConfig> {
  return parse(await callStore((store) => store.saveTenantStripeConfig(tenantId, input)));
}

/** Disconnects Stripe; tells whether it was connected. */
export async function deleteTenantStripeConfig(tenantId: string): Promise<boolean> {
  return callStore((store) => store.deleteTenantStripeConfig(tenantId));
}

/** The decrypted Stripe secret key. */
export async function getTenantStripeSecretKey(tenantId: string): Promise<string | null> {
  return callStore((store) => store.getTenantStripeSecretKey(tenantId));
}

/** The decrypted Stripe webhook secret. */
export async function getTenantStripeWebhookSecret(tenantId: string): Promise<string | null> {
  return callStore((store) => store.getTenantStripeWebhookSecret(tenantId));
}

/** Records what a verification of the Stripe credential found. */
export async function updateStripeConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: StripeAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return callStore((store) =>
    store.updateStripeConfigVerification(tenantId, verified, accountInfo, error),
  );
}

/** The tenant's Resend configuration. */
export async function getTenantResendConfig(tenantId: string): Promise<TenantResendConfig | null> {
  return parse(await callStore((store) => store.getTenantResendConfig(tenantId)));
}

/** Saves the tenant's Resend configuration; fields left out keep their value. */
export async function saveTenantResendConfig(
  tenantId: string,
  input: TenantResendConfigInput,
): Promise<TenantResendConfig> {
  return parse(await callStore((store) => store.saveTenantResendConfig(tenantId, input)));
}

/** Disconnects Resend; tells whether it was connected. */
export async function deleteTenantResendConfig(tenantId: string): Promise<boolean> {
  return callStore((store) => store.deleteTenantResendConfig(tenantId));
}

/** The decrypted Resend API key. */
export async function getTenantResendApiKey(tenantId: string): Promise<string | null> {
  return callStore((store) => store.getTenantResendApiKey(tenantId));
}

/** Records what a verification of the Resend credential found. */
export async function updateResendConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: ResendAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return callStore((store) =>
    store.updateResendConfigVerification(tenantId, verified, accountInfo, error),
  );
}

/** The tenant's Wise configuration. */
export async function getTenantWiseConfig(tenantId: string): Promise<TenantWiseConfig | null> {
  return parse(await callStore((store) => store.getTenantWiseConfig(tenantId)));
}

/** Saves the tenant's Wise configuration; fields left out keep their value. */
export async function saveTenantWiseConfig(
  tenantId: string,
  input: TenantWiseConfigInput,
): Promise<TenantWiseConfig> {
  return parse(await callStore((store) => store.saveTenantWiseConfig(tenantId, input)));
}

/** Disconnects Wise; tells whether it was connected. */
export async function deleteTenantWiseConfig(tenantId: string): Promise<boolean> {
  return callStore((store) => store.deleteTenantWiseConfig(tenantId));
}

/** The decrypted Wise API key. */
export async function getTenantWiseApiKey(tenantId: string): Promise<string | null> {
  return callStore((store) => store.getTenantWiseApiKey(tenantId));
}

/** The decrypted Wise webhook secret. */
export async function getTenantWiseWebhookSecret(tenantId: string): Promise<string | null> {
  return callStore((store) => store.getTenantWiseWebhookSecret(tenantId));
}

/** Records what a verification of the Wise credential found. */
export async function updateWiseConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: WiseAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return callStore((store) =>
    store.updateWiseConfigVerification(tenantId, verified, accountInfo, error),
  );
}

/** One API credential of the tenant. */
export async function getTenantApiCredential(
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiCredential | null> {
  return parse(await callStore((store) => store.getTenantApiCredential(tenantId, service)));
}

/** All API credentials of the tenant, ordered by service. */
export async function getAllTenantApiCredentials(tenantId: string): Promise<TenantApiCredential[]> {
  return parse(await callStore((store) => store.getAllTenantApiCredentials(tenantId)));
}

/** Saves an API credential; fields left out keep their value. */
export async function saveTenantApiCredential(
  tenantId: string,
  input: TenantApiCredentialInput,
): Promise<TenantApiCredential> {
  return parse(await callStore((store) => store.saveTenantApiCredential(tenantId, input)));
}

/** Disconnects a service; tells whether it was connected. */
export async function deleteTenantApiCredential(
  tenantId: string,
  service: TenantApiService,
): Promise<boolean> {
  return callStore((store) => store.deleteTenantApiCredential(tenantId, service));
}

/** The decrypted API key of a service. */
export async function getTenantApiKey(
  tenantId: string,
  service: TenantApiService,
): Promise<string | null> {
  return callStore((store) => store.getTenantApiKey(tenantId, service));
}

/** The decrypted API key of a service and its secret, where it has one. */
export async function getTenantApiKeyAndSecret(
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiKeyAndSecret | null> {
  const secrets = await callStore((store) => store.getTenantApiKeyAndSecret(tenantId, service));
  return secrets && { apiKey: secrets.apiKey, apiSecret: secrets.apiSecret };
}

/** Records what a verification of an API credential found. */
export async function updateApiCredentialVerification(
  tenantId: string,
  service: TenantApiService,
  verified: boolean,
  accountInfo?: ApiAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return callStore((store) =>
    store.updateApiCredentialVerification(tenantId, service, verified, accountInfo, error),
  );
}

/** The status of every service, in the order of the catalog. */
export async function getTenantCredentialStatuses(
  tenantId: string,
): Promise<TenantIntegrationStatus[]> {
  return parse(await callStore((store) => store.getTenantCredentialStatuses(tenantId)));
}
