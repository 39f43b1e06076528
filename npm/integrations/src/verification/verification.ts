import { endpointOverride, vendorTimeoutMs } from '../backend/config.js';
import { parse, withStore } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { clearCachedClient } from '../clients/cache.js';
import { sendToVendor } from '../clients/vendor-request.js';
import { isIntegrationError } from '../errors.js';
import { type Audit, auditOf } from '../events/actor.js';
import { displayName } from '../services.js';
import { readInput, withoutService } from '../storage/input.js';
import type {
  ChangeOptions,
  CredentialVerification,
  Json,
  ResendVerification,
  StripeVerification,
  TenantApiCredentialInput,
  TenantApiService,
  TenantResendConfigInput,
  TenantService,
  TenantStripeConfigInput,
  TenantWiseConfigInput,
  VerificationRequest,
  WiseVerification,
} from '../types.js';

/** The inputs of `verifyTenantCredentialInput`, by service. */
export type CredentialInput<Service extends TenantService> = Service extends 'stripe'
  ? TenantStripeConfigInput
  : Service extends 'resend'
    ? TenantResendConfigInput
    : Service extends 'wise'
      ? TenantWiseConfigInput
      : Omit<TenantApiCredentialInput, 'serviceName'>;

/**
 * Asks Stripe whether it accepts the stored key, and records the answer. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantStripeCredentials(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<StripeVerification> {
  return verifyStored(vaultOf(this), tenantId, 'stripe', options);
}

/**
 * Asks Resend whether it accepts the stored key, and records the answer. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantResendCredentials(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<ResendVerification> {
  return verifyStored(vaultOf(this), tenantId, 'resend', options);
}

/**
 * Asks Wise whether it accepts the stored token, and records the answer. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantWiseCredentials(
  this: unknown,
  tenantId: string,
  options?: ChangeOptions,
): Promise<WiseVerification> {
  return verifyStored(vaultOf(this), tenantId, 'wise', options);
}

/**
 * Asks a vendor whether it accepts the stored credential, and records the answer. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantServiceCredentials(
  this: unknown,
  tenantId: string,
  service: TenantApiService,
  options?: ChangeOptions,
): Promise<CredentialVerification> {
  return verifyStored(vaultOf(this), tenantId, service, options);
}

/**
 * Asks a vendor whether it accepts the stored credential, and records the answer. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantCredential(
  this: unknown,
  tenantId: string,
  service: TenantService,
  options?: ChangeOptions,
): Promise<CredentialVerification> {
  return verifyStored(vaultOf(this), tenantId, service, options);
}

/**
 * Asks a vendor whether it accepts a credential, which is not stored. Never rejects.
 *
 * @returns what came of it: `status`, `code` and `error`
 */
export async function verifyTenantCredentialInput<Service extends TenantService>(
  this: unknown,
  service: Service,
  input: CredentialInput<Service>,
): Promise<CredentialVerification> {
  const vault = vaultOf(this);
  return neverRejecting(async () => {
    const fields = withoutService(readInput(input));
    return withStore(vault, null, async (callStore) => {
      const endpoints = endpointsOf(vault, service);
      const request = await callStore('prepareInputVerification', service, fields, ...endpoints);
      const response = await send(vault, request);
      return parse(await callStore('readVerification', service, request, response));
    });
  });
}

/**
 * Saves an input, as {@link readInput} gives it, that the vendor accepts, as verified; one about which it says nothing, as
 * unverified. Rejects with `CREDENTIAL_INVALID` and stores nothing where the vendor refuses it.
 *
 * @internal
 */
export async function saveVerified<T>(
  vault: Vault,
  tenantId: string,
  service: TenantService,
  input: object,
  audit: Audit | undefined,
): Promise<T> {
  const fields = withoutService(input);
  return withStore(vault, tenantId, async (callStore) => {
    const endpoints = endpointsOf(vault, service);
    const request = (await callStore(
      'prepareVerification',
      tenantId,
      service,
      fields,
      ...endpoints,
    )) as Json<VerificationRequest>;
    const response = await send(vault, request);
    return parse(
      await callStore('saveVerified', tenantId, service, fields, request, response, audit),
    ) as T;
  });
}

/** Where a vendor is asked instead of its own host: its credentials, and those of its sandbox. */
function endpointsOf(
  vault: Vault,
  service: TenantService,
): [string | undefined, string | undefined] {
  return [endpointOverride(vault, service), endpointOverride(vault, service, true)];
}

async function verifyStored<T extends CredentialVerification>(
  vault: Vault,
  tenantId: string,
  service: TenantService,
  options: ChangeOptions | undefined,
): Promise<T> {
  return neverRejecting(async () => {
    const audit = auditOf(vault, options);
    return withStore(vault, tenantId, async (callStore) => {
      const endpoints = endpointsOf(vault, service);
      const request = await callStore('prepareVerification', tenantId, service, null, ...endpoints);
      if (request === null) {
        const name = displayName(service);
        return unchecked(
          'NOT_CONFIGURED',
          `${name} is not configured for tenant: ${tenantId}`,
        ) as T;
      }
      const response = await send(vault, request);
      try {
        return parse(
          await callStore('recordVerification', tenantId, service, request, response, audit),
        ) as T;
      } finally {
        // A client knows the account.
        clearCachedClient(vault, service, tenantId);
      }
    });
  });
}

async function send(vault: Vault, request: Json<VerificationRequest>): Promise<string> {
  const { url, headers } = parse(request).request;
  return JSON.stringify(await sendToVendor(url, { headers }, vendorTimeoutMs(vault)));
}

async function neverRejecting<T extends CredentialVerification>(
  verify: () => Promise<T>,
): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    return (
      isIntegrationError(error)
        ? unchecked(error.code, error.message)
        : unchecked('INTERNAL', 'The credential could not be checked')
    ) as T;
  }
}

function unchecked(code: string, error: string): CredentialVerification {
  return { valid: false, status: 'unchecked', code, error };
}
