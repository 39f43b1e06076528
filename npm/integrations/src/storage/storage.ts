import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { auditRead } from '../events/reads.js';
import { ownValue } from '../own-properties.js';
import { hasOwnTable, isServiceName } from '../services.js';
import type {
  ApiAccountInfo,
  ChangeOptions,
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
import { remove, save, updateVerification } from './credentials.js';
import { readInput } from './input.js';

/**
 * The tenant's Stripe configuration.
 *
 * @returns the configuration, its secrets encrypted; `null` if none is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`, `DATABASE_…`
 */
export async function getTenantStripeConfig(
  this: unknown,
  tenantId: string,
): Promise<TenantStripeConfig | null> {
  return parse(
    await callStore(vaultOf(this), 'config', tenantId, 'stripe'),
  ) as TenantStripeConfig | null;
}

/**
 * Saves the tenant's Stripe configuration; fields left out keep their value, `null` clears one.
 *
 * With `verify`, Stripe is asked first.
 *
 * @returns the saved configuration, its secrets encrypted
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID` with what is wrong by field in
 *   `fields`, `KEY_MISSING`, `DATABASE_…`; with `verify` also `CREDENTIAL_INVALID` where the vendor
 *   refuses the credential, of which nothing is stored then
 */
export async function saveTenantStripeConfig(
  this: unknown,
  tenantId: string,
  input: TenantStripeConfigInput,
  options?: SaveOptions,
): Promise<TenantStripeConfig> {
  return save(vaultOf(this), tenantId, 'stripe', input, options);
}

/**
 * Disconnects Stripe.
 *
 * @returns whether there was a row, connected or not
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function deleteTenantStripeConfig(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<boolean> {
  return remove(vaultOf(this), 'delete', tenantId, 'stripe', options);
}

/**
 * The decrypted Stripe secret key.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantStripeSecretKey(
  this: unknown,
  tenantId: string,
): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'stripe', 'secretKey');
}

/**
 * The decrypted Stripe webhook secret.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantStripeWebhookSecret(
  this: unknown,
  tenantId: string,
): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'stripe', 'webhookSecret');
}

/**
 * Records what a verification of the Stripe credential found.
 *
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID`, `DATABASE_…`
 */
export async function updateStripeConfigVerification(
  this: unknown,
  tenantId: string,
  verified: boolean,
  accountInfo?: StripeAccountInfo | null,
  error?: string | null,
  options?: ChangeOptions,
): Promise<void> {
  return updateVerification(
    vaultOf(this),
    'updateVerification',
    tenantId,
    'stripe',
    verified,
    accountInfo,
    error,
    options,
  );
}

/**
 * The tenant's Resend configuration.
 *
 * @returns the configuration, its secrets encrypted; `null` if none is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`, `DATABASE_…`
 */
export async function getTenantResendConfig(
  this: unknown,
  tenantId: string,
): Promise<TenantResendConfig | null> {
  return parse(
    await callStore(vaultOf(this), 'config', tenantId, 'resend'),
  ) as TenantResendConfig | null;
}

/**
 * Saves the tenant's Resend configuration; fields left out keep their value, `null` clears one.
 *
 * With `verify`, Resend is asked first.
 *
 * @returns the saved configuration, its secrets encrypted
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID` with what is wrong by field in
 *   `fields`, `KEY_MISSING`, `DATABASE_…`; with `verify` also `CREDENTIAL_INVALID` where the vendor
 *   refuses the credential, of which nothing is stored then
 */
export async function saveTenantResendConfig(
  this: unknown,
  tenantId: string,
  input: TenantResendConfigInput,
  options?: SaveOptions,
): Promise<TenantResendConfig> {
  return save(vaultOf(this), tenantId, 'resend', input, options);
}

/**
 * Disconnects Resend.
 *
 * @returns whether there was a row, connected or not
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function deleteTenantResendConfig(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<boolean> {
  return remove(vaultOf(this), 'delete', tenantId, 'resend', options);
}

/**
 * The decrypted Resend API key.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantResendApiKey(
  this: unknown,
  tenantId: string,
): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'resend', 'apiKey');
}

/**
 * Records what a verification of the Resend credential found.
 *
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID`, `DATABASE_…`
 */
export async function updateResendConfigVerification(
  this: unknown,
  tenantId: string,
  verified: boolean,
  accountInfo?: ResendAccountInfo | null,
  error?: string | null,
  options?: ChangeOptions,
): Promise<void> {
  return updateVerification(
    vaultOf(this),
    'updateVerification',
    tenantId,
    'resend',
    verified,
    accountInfo,
    error,
    options,
  );
}

/**
 * The tenant's Wise configuration.
 *
 * @returns the configuration, its secrets encrypted; `null` if none is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`, `DATABASE_…`
 */
export async function getTenantWiseConfig(
  this: unknown,
  tenantId: string,
): Promise<TenantWiseConfig | null> {
  return parse(
    await callStore(vaultOf(this), 'config', tenantId, 'wise'),
  ) as TenantWiseConfig | null;
}

/**
 * Saves the tenant's Wise configuration; fields left out keep their value, `null` clears one.
 *
 * With `verify`, Wise is asked first.
 *
 * @returns the saved configuration, its secrets encrypted
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID` with what is wrong by field in
 *   `fields`, `KEY_MISSING`, `DATABASE_…`; with `verify` also `CREDENTIAL_INVALID` where the vendor
 *   refuses the credential, of which nothing is stored then
 */
export async function saveTenantWiseConfig(
  this: unknown,
  tenantId: string,
  input: TenantWiseConfigInput,
  options?: SaveOptions,
): Promise<TenantWiseConfig> {
  return save(vaultOf(this), tenantId, 'wise', input, options);
}

/**
 * Disconnects Wise.
 *
 * @returns whether there was a row, connected or not
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function deleteTenantWiseConfig(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<boolean> {
  return remove(vaultOf(this), 'delete', tenantId, 'wise', options);
}

/**
 * The decrypted Wise API key.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantWiseApiKey(this: unknown, tenantId: string): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'wise', 'apiKey');
}

/**
 * The decrypted Wise webhook secret.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantWiseWebhookSecret(
  this: unknown,
  tenantId: string,
): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'wise', 'webhookSecret');
}

/**
 * Records what a verification of the Wise credential found.
 *
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID`, `DATABASE_…`
 */
export async function updateWiseConfigVerification(
  this: unknown,
  tenantId: string,
  verified: boolean,
  accountInfo?: WiseAccountInfo | null,
  error?: string | null,
  options?: ChangeOptions,
): Promise<void> {
  return updateVerification(
    vaultOf(this),
    'updateVerification',
    tenantId,
    'wise',
    verified,
    accountInfo,
    error,
    options,
  );
}

/**
 * One API credential of the tenant.
 *
 * @returns the credential, its secrets encrypted; `null` if none is connected
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`,
 *   `DATABASE_…`
 */
export async function getTenantApiCredential(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiCredential | null> {
  return parse(
    await callStore(vaultOf(this), 'api.config', tenantId, service),
  ) as TenantApiCredential | null;
}

/**
 * All API credentials of the tenant, ordered by service.
 *
 * @returns the connected ones, their secrets encrypted
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`, `DATABASE_…`
 */
export async function getAllTenantApiCredentials(
  this: unknown,
  tenantId: string,
): Promise<TenantApiCredential[]> {
  return parse(await callStore(vaultOf(this), 'apiCredentials', tenantId));
}

/**
 * Saves an API credential; fields left out keep their value, `null` clears one.
 *
 * With `verify`, the vendor is asked first.
 *
 * @returns the saved credential, its secrets encrypted
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID` with what is
 *   wrong by field in `fields`, `KEY_MISSING`, `DATABASE_…`; with `verify` also
 *   `CREDENTIAL_INVALID` where the vendor refuses the credential, of which nothing is stored then
 */
export async function saveTenantApiCredential(
  this: unknown,
  tenantId: string,
  input: TenantApiCredentialInput,
  options?: SaveOptions,
): Promise<TenantApiCredential> {
  const fields = readInput(input);
  const service = ownValue(fields, 'serviceName') as TenantApiService;
  // Stripe, Resend and Wise, and what is no name, are not for this function, which says so.
  const asked = isServiceName(service) && !hasOwnTable(service) ? options : undefined;
  const vault = vaultOf(this);
  return save(vault, tenantId, service, fields, asked, (_, audit) =>
    callStore(vault, 'api.save', tenantId, null, fields, audit),
  );
}

/**
 * Disconnects a service.
 *
 * @returns whether there was a row, connected or not
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function deleteTenantApiCredential(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
  options?: ChangeOptions,
): Promise<boolean> {
  return remove(vaultOf(this), 'api.delete', tenantId, service, options);
}

/**
 * The decrypted API key of a service.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `DATABASE_…`
 */
export async function getTenantApiKey(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
): Promise<string | null> {
  return secret(vaultOf(this), 'api.secret', tenantId, service, 'apiKey');
}

/**
 * The decrypted API key of a service and its secret, where it has one.
 *
 * @returns the plaintexts; `null` if no key is stored, a secret of `null` if that one is not
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `DATABASE_…`
 */
export async function getTenantApiKeyAndSecret(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
): Promise<TenantApiKeyAndSecret | null> {
  const vault = vaultOf(this);
  const audit = auditRead(vault, tenantId, service);
  return parse(await callStore(vault, 'api.keyAndSecret', tenantId, service, audit));
}

/**
 * The decrypted secret that a service signs its webhooks with; for Twilio the account's auth token.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `SERVICE_UNKNOWN` for a service that signs none, `TENANT_INVALID`, `TENANT_NOT_FOUND`,
 *   `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `DATABASE_…`
 */
export async function getTenantWebhookSecret(
  this: unknown,
  tenantId: string,
  service: TenantService,
): Promise<string | null> {
  const vault = vaultOf(this);
  return callStore(vault, 'webhookSecret', tenantId, service, auditRead(vault, tenantId, service));
}

/**
 * The decrypted Mux webhook secret.
 *
 * @returns the plaintext; `null` if none is stored
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `DATABASE_…`
 */
export async function getTenantMuxWebhookSecret(
  this: unknown,
  tenantId: string,
): Promise<string | null> {
  return secret(vaultOf(this), 'secret', tenantId, 'mux', 'webhookSecret');
}

/**
 * Records what a verification of an API credential found.
 *
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `INPUT_INVALID`, `DATABASE_…`
 */
export async function updateApiCredentialVerification(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
  verified: boolean,
  accountInfo?: ApiAccountInfo | null,
  error?: string | null,
  options?: ChangeOptions,
): Promise<void> {
  return updateVerification(
    vaultOf(this),
    'api.updateVerification',
    tenantId,
    service,
    verified,
    accountInfo,
    error,
    options,
  );
}

/**
 * The status of every service, in the order of the catalog.
 *
 * @returns one for each service of the catalog; a row that cannot be read is reported in its own
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function getTenantCredentialStatuses(
  this: unknown,
  tenantId: string,
): Promise<TenantIntegrationStatus[]> {
  return parse(await callStore(vaultOf(this), 'statuses', tenantId));
}

/**
 * Whether Stripe is configured; nothing is decrypted.
 *
 * @returns whether a configuration is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function hasTenantStripeConfig(this: unknown, tenantId: string): Promise<boolean> {
  return isConfigured(vaultOf(this), tenantId, 'stripe');
}

/**
 * Whether Resend is configured; nothing is decrypted.
 *
 * @returns whether a configuration is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function hasTenantResendConfig(this: unknown, tenantId: string): Promise<boolean> {
  return isConfigured(vaultOf(this), tenantId, 'resend');
}

/**
 * Whether Wise is configured; nothing is decrypted.
 *
 * @returns whether a configuration is connected
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function hasTenantWiseConfig(this: unknown, tenantId: string): Promise<boolean> {
  return isConfigured(vaultOf(this), tenantId, 'wise');
}

/**
 * Whether a service is configured; nothing is decrypted.
 *
 * @returns whether a credential is connected
 * @throws `SERVICE_UNKNOWN`, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `DATABASE_…`
 */
export async function hasTenantServiceConfig(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
): Promise<boolean> {
  return isConfigured(vaultOf(this), tenantId, service);
}

async function secret(
  vault: Vault,
  operation: 'secret' | 'api.secret',
  tenantId: string,
  service: TenantService,
  field: string,
): Promise<string | null> {
  const audit = auditRead(vault, tenantId, service);
  return callStore(vault, operation, tenantId, service, field, audit);
}

async function isConfigured(
  vault: Vault,
  tenantId: string,
  service: TenantService,
): Promise<boolean> {
  return (await callStore(vault, 'revision', tenantId, service)) !== null;
}
