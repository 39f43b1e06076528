import { callStore, parse } from '../backend/core.js';
import { withCacheInvalidation } from '../clients/cache.js';
import { ownValue } from '../own-properties.js';
import { hasOwnTable, isServiceName } from '../services.js';
import type {
  ApiAccountInfo,
  ResendAccountInfo,
  SaveOptions,
  StripeAccountInfo,
  TenantApiCredential,
  TenantApiCredentialInput,
  TenantApiKeyAndSecret,
  TenantApiService,
  TenantIntegrationStatus,
  TenantResendConfig,
  TenantResendConfigInput,
  TenantService,
  TenantStripeConfig,
  TenantStripeConfigInput,
  TenantWiseConfig,
  TenantWiseConfigInput,
  WiseAccountInfo,
} from '../types.js';
import { deleteTenantCredential, save, updateVerification } from './credentials.js';
import { readInput } from './input.js';

/** The tenant's Stripe configuration. */
export async function getTenantStripeConfig(tenantId: string): Promise<TenantStripeConfig | null> {
  return parse(await callStore('config', tenantId, 'stripe')) as TenantStripeConfig | null;
}

/**
 * Saves the tenant's Stripe configuration; fields left out keep their value.
 *
 * With `verify`, Stripe is asked first: rejects with `CREDENTIAL_INVALID` if it refuses.
 */
export async function saveTenantStripeConfig(
  tenantId: string,
  input: TenantStripeConfigInput,
  options?: SaveOptions,
): Promise<TenantStripeConfig> {
  return save(tenantId, 'stripe', input, options);
}

/** Disconnects Stripe; says whether there was a row, connected or not. */
export async function deleteTenantStripeConfig(tenantId: string): Promise<boolean> {
  return deleteTenantCredential(tenantId, 'stripe');
}

/** The decrypted Stripe secret key. */
export async function getTenantStripeSecretKey(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'stripe', 'secretKey');
}

/** The decrypted Stripe webhook secret. */
export async function getTenantStripeWebhookSecret(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'stripe', 'webhookSecret');
}

/** Records what a verification of the Stripe credential found. */
export async function updateStripeConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: StripeAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return updateVerification('updateVerification', tenantId, 'stripe', verified, accountInfo, error);
}

/** The tenant's Resend configuration. */
export async function getTenantResendConfig(tenantId: string): Promise<TenantResendConfig | null> {
  return parse(await callStore('config', tenantId, 'resend')) as TenantResendConfig | null;
}

/**
 * Saves the tenant's Resend configuration; fields left out keep their value.
 *
 * With `verify`, Resend is asked first: rejects with `CREDENTIAL_INVALID` if it refuses.
 */
export async function saveTenantResendConfig(
  tenantId: string,
  input: TenantResendConfigInput,
  options?: SaveOptions,
): Promise<TenantResendConfig> {
  return save(tenantId, 'resend', input, options);
}

/** Disconnects Resend; says whether there was a row, connected or not. */
export async function deleteTenantResendConfig(tenantId: string): Promise<boolean> {
  return deleteTenantCredential(tenantId, 'resend');
}

/** The decrypted Resend API key. */
export async function getTenantResendApiKey(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'resend', 'apiKey');
}

/** Records what a verification of the Resend credential found. */
export async function updateResendConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: ResendAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return updateVerification('updateVerification', tenantId, 'resend', verified, accountInfo, error);
}

/** The tenant's Wise configuration. */
export async function getTenantWiseConfig(tenantId: string): Promise<TenantWiseConfig | null> {
  return parse(await callStore('config', tenantId, 'wise')) as TenantWiseConfig | null;
}

/**
 * Saves the tenant's Wise configuration; fields left out keep their value.
 *
 * With `verify`, Wise is asked first: rejects with `CREDENTIAL_INVALID` if it refuses.
 */
export async function saveTenantWiseConfig(
  tenantId: string,
  input: TenantWiseConfigInput,
  options?: SaveOptions,
): Promise<TenantWiseConfig> {
  return save(tenantId, 'wise', input, options);
}

/** Disconnects Wise; says whether there was a row, connected or not. */
export async function deleteTenantWiseConfig(tenantId: string): Promise<boolean> {
  return deleteTenantCredential(tenantId, 'wise');
}

/** The decrypted Wise API key. */
export async function getTenantWiseApiKey(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'wise', 'apiKey');
}

/** The decrypted Wise webhook secret. */
export async function getTenantWiseWebhookSecret(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'wise', 'webhookSecret');
}

/** Records what a verification of the Wise credential found. */
export async function updateWiseConfigVerification(
  tenantId: string,
  verified: boolean,
  accountInfo?: WiseAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return updateVerification('updateVerification', tenantId, 'wise', verified, accountInfo, error);
}

/** One API credential of the tenant. */
export async function getTenantApiCredential(
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiCredential | null> {
  return parse(await callStore('api.config', tenantId, service)) as TenantApiCredential | null;
}

/** All API credentials of the tenant, ordered by service. */
export async function getAllTenantApiCredentials(tenantId: string): Promise<TenantApiCredential[]> {
  return parse(await callStore('apiCredentials', tenantId));
}

/**
 * Saves an API credential; fields left out keep their value.
 *
 * With `verify`, the vendor is asked first: rejects with `CREDENTIAL_INVALID` if it refuses.
 */
export async function saveTenantApiCredential(
  tenantId: string,
  input: TenantApiCredentialInput,
  options?: SaveOptions,
): Promise<TenantApiCredential> {
  const fields = readInput(input);
  const service = ownValue(fields, 'serviceName') as TenantApiService;
  // Stripe, Resend and Wise, and what is no name, are not for this function, which says so.
  const asked = isServiceName(service) && !hasOwnTable(service) ? options : undefined;
  return save(tenantId, service, fields, asked, () =>
    callStore('api.save', tenantId, null, fields),
  );
}

/** Disconnects a service; says whether there was a row, connected or not. */
export async function deleteTenantApiCredential(
  tenantId: string,
  service: TenantApiService,
): Promise<boolean> {
  return withCacheInvalidation(tenantId, service, () => callStore('api.delete', tenantId, service));
}

/** The decrypted API key of a service. */
export async function getTenantApiKey(
  tenantId: string,
  service: TenantApiService,
): Promise<string | null> {
  return callStore('api.secret', tenantId, service, 'apiKey');
}

/** The decrypted API key of a service and its secret, where it has one. */
export async function getTenantApiKeyAndSecret(
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiKeyAndSecret | null> {
  return parse(await callStore('api.keyAndSecret', tenantId, service));
}

/**
 * The decrypted secret that a service signs its webhooks with; for Twilio the account's auth token.
 * `null` if none is stored. Rejects with `SERVICE_UNKNOWN` for a service that signs none.
 */
export async function getTenantWebhookSecret(
  tenantId: string,
  service: TenantService,
): Promise<string | null> {
  return callStore('webhookSecret', tenantId, service);
}

/** The decrypted Mux webhook secret. */
export async function getTenantMuxWebhookSecret(tenantId: string): Promise<string | null> {
  return callStore('secret', tenantId, 'mux', 'webhookSecret');
}

/** Records what a verification of an API credential found. */
export async function updateApiCredentialVerification(
  tenantId: string,
  service: TenantApiService,
  verified: boolean,
  accountInfo?: ApiAccountInfo | null,
  error?: string | null,
): Promise<void> {
  return updateVerification(
    'api.updateVerification',
    tenantId,
    service,
    verified,
    accountInfo,
    error,
  );
}

/** The status of every service, in the order of the catalog. */
export async function getTenantCredentialStatuses(
  tenantId: string,
): Promise<TenantIntegrationStatus[]> {
  return parse(await callStore('statuses', tenantId));
}

/** Whether Stripe is configured; nothing is decrypted. */
export async function hasTenantStripeConfig(tenantId: string): Promise<boolean> {
  return isConfigured(tenantId, 'stripe');
}

/** Whether Resend is configured; nothing is decrypted. */
export async function hasTenantResendConfig(tenantId: string): Promise<boolean> {
  return isConfigured(tenantId, 'resend');
}

/** Whether Wise is configured; nothing is decrypted. */
export async function hasTenantWiseConfig(tenantId: string): Promise<boolean> {
  return isConfigured(tenantId, 'wise');
}

/** Whether a service is configured; nothing is decrypted. */
export async function hasTenantServiceConfig(
  tenantId: string,
  service: TenantApiService,
): Promise<boolean> {
  return isConfigured(tenantId, service);
}

async function isConfigured(tenantId: string, service: TenantService): Promise<boolean> {
  return (await callStore('revision', tenantId, service)) !== null;
}
