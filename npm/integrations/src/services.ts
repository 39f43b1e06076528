import { endpointOverride } from './backend/config.js';
import type { Vault } from './backend/vault.js';
import { SERVICE_BASICS } from './generated/services.js';
import { ownProperties } from './own-properties.js';
import {
  SERVICE_DISPLAY_NAMES,
  type TenantApiService,
  type TenantCredential,
  type TenantService,
} from './types.js';

/** What the catalog says of a service. */
export function catalogEntry(service: TenantService) {
  const entry = SERVICE_BASICS.find(({ id }) => id === service);
  if (!entry) {
    throw new TypeError('A service of the catalog is expected');
  }
  return entry;
}

/**
 * Scheme and host of a vendor: where the configuration points, or else those of the credential's
 * sandbox or region, or the vendor's own.
 */
export function endpointOf(
  vault: Vault,
  service: TenantService,
  credential?: TenantCredential,
): string {
  const { endpoint, sandboxEndpoint, regionField, regions } = catalogEntry(service);
  const values = ownProperties<TenantCredential['values']>(credential?.values ?? {});
  if (sandboxEndpoint && values.sandboxMode === 'true') {
    return endpointOverride(vault, service, true) ?? sandboxEndpoint;
  }
  const region = regionField && regions.find(({ value }) => value === values[regionField]);
  return endpointOverride(vault, service) ?? (region ? region.endpoint : endpoint);
}

/** What people read for an id, which may come from anywhere. */
export function displayName(service: string): string {
  return SERVICE_BASICS.find(({ id }) => id === service)?.displayName ?? 'The service';
}

/** Whether it can name a service, be it one of the catalog or not. */
export function isServiceName(service: unknown): service is string {
  return typeof service === 'string' && /^[a-z0-9_]{1,64}$/.test(service);
}

/** Whether the catalog has it with functions of its own. */
export function hasOwnTable(service: string): boolean {
  return !isApiService(service) && SERVICE_BASICS.some(({ id }) => id === service);
}

/** Whether it is the id of a service of `tenant_api_credentials`. */
export function isApiService(service: unknown): service is TenantApiService {
  return typeof service === 'string' && Object.hasOwn(SERVICE_DISPLAY_NAMES, service);
}
