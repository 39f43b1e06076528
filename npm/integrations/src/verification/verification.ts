import { endpointOverride, vendorTimeoutMs } from '../backend/config.js';
import { parse, withStore } from '../backend/core.js';
import { clearCachedClient } from '../clients/cache.js';
import { sendToVendor } from '../clients/vendor-request.js';
import { isIntegrationError } from '../errors.js';
import { displayName } from '../services.js';
import { readInput, withoutService } from '../storage/input.js';
import type {
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
  VendorQuestion,
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

/** Asks Stripe whether it accepts the stored key, and records the answer. Never rejects. */
export async function verifyTenantStripeCredentials(tenantId: string): Promise<StripeVerification> {
  return verifyStored(tenantId, 'stripe');
}

/** Asks Resend whether it accepts the stored key, and records the answer. Never rejects. */
export async function verifyTenantResendCredentials(tenantId: string): Promise<ResendVerification> {
  return verifyStored(tenantId, 'resend');
}

/** Asks Wise whether it accepts the stored token, and records the answer. Never rejects. */
export async function verifyTenantWiseCredentials(tenantId: string): Promise<WiseVerification> {
  return verifyStored(tenantId, 'wise');
}

/** Asks a vendor whether it accepts the stored credential, and records the answer. Never rejects. */
export async function verifyTenantServiceCredentials(
  tenantId: string,
  service: TenantApiService,
): Promise<CredentialVerification> {
  return verifyStored(tenantId, service);
}

/** Asks a vendor whether it accepts the stored credential, and records the answer. Never rejects. */
export async function verifyTenantCredential(
  tenantId: string,
  service: TenantService,
): Promise<CredentialVerification> {
  return verifyStored(tenantId, service);
}

/** Asks a vendor whether it accepts a credential, which is not stored. Never rejects. */
export async function verifyTenantCredentialInput<Service extends TenantService>(
  service: Service,
  input: CredentialInput<Service>,
): Promise<CredentialVerification> {
  return neverRejecting(async () => {
    const fields = withoutService(readInput(input));
    return withStore(async (callStore) => {
      const endpoints = endpointsOf(service);
      const question = await callStore('prepareInputVerification', service, fields, ...endpoints);
      const answer = await ask(question);
      return parse(await callStore('readVerification', service, question, answer));
    });
  });
}

/**
 * Saves an input, as {@link readInput} gives it, that the vendor accepts, as verified; one about which it says nothing, as
 * unverified. Rejects with `CREDENTIAL_INVALID` and stores nothing where the vendor refuses it.
 */
export async function saveVerified<T>(
  tenantId: string,
  service: TenantService,
  input: object,
): Promise<T> {
  const fields = withoutService(input);
  return withStore(async (callStore) => {
    const endpoints = endpointsOf(service);
    const question = (await callStore(
      'prepareVerification',
      tenantId,
      service,
      fields,
      ...endpoints,
    )) as Json<VendorQuestion>;
    const answer = await ask(question);
    return parse(await callStore('saveVerified', tenantId, service, fields, question, answer)) as T;
  });
}

/** Where a vendor is asked instead of its own host: its credentials, and those of its sandbox. */
function endpointsOf(service: TenantService): [string | undefined, string | undefined] {
  return [endpointOverride(service), endpointOverride(service, true)];
}

async function verifyStored<T extends CredentialVerification>(
  tenantId: string,
  service: TenantService,
): Promise<T> {
  return neverRejecting(() =>
    withStore(async (callStore) => {
      const endpoints = endpointsOf(service);
      const question = await callStore(
        'prepareVerification',
        tenantId,
        service,
        null,
        ...endpoints,
      );
      if (question === null) {
        const name = displayName(service);
        return unchecked(
          'NOT_CONFIGURED',
          `${name} is not configured for tenant: ${tenantId}`,
        ) as T;
      }
      const answer = await ask(question);
      try {
        return parse(
          await callStore('recordVerification', tenantId, service, question, answer),
        ) as T;
      } finally {
        // A client knows the account.
        clearCachedClient(service, tenantId);
      }
    }),
  );
}

async function ask(question: Json<VendorQuestion>): Promise<string> {
  const { url, headers } = parse(question).request;
  return JSON.stringify(await sendToVendor(url, { headers }, vendorTimeoutMs()));
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
