import {
  type CredentialChanges,
  type Integrations,
  isIntegrationError,
  SERVICE_DISPLAY_NAMES,
  type TenantApiService,
  type TenantService,
} from '../index.js';
import { HttpError } from './error.js';

type Properties = Record<string, unknown>;
type StoredCredentials = Pick<Integrations, 'getTenantApiCredential'>;

/** What a save is given: the body without the service's name, which the path says already. */
export async function toInput<Service extends TenantService>(
  integrations: StoredCredentials,
  tenantId: string,
  service: Service,
  body: Properties,
): Promise<CredentialChanges<Service>> {
  const { serviceName, ...input } = body;
  if (serviceName !== undefined && serviceName !== service) {
    const message = 'serviceName must be the service of the path, or left out';
    throw new HttpError(422, message, { fields: { serviceName: message } });
  }
  const { metadata } = input;
  if (isObject(metadata) && isApiService(service)) {
    input.metadata = withoutNulls({
      ...(await storedMetadata(integrations, tenantId, service)),
      ...metadata,
    });
  }
  return input as CredentialChanges<Service>;
}

/** Properties that a form does not know are kept; a row of a wrong shape is replaced. */
async function storedMetadata(
  { getTenantApiCredential }: StoredCredentials,
  tenantId: string,
  service: TenantApiService,
): Promise<Properties | undefined> {
  try {
    return (await getTenantApiCredential(tenantId, service))?.metadata;
  } catch (error) {
    if (isIntegrationError(error) && error.code === 'STORED_DATA_INVALID') {
      return undefined;
    }
    throw error;
  }
}

function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isApiService(service: TenantService): service is TenantApiService {
  return Object.hasOwn(SERVICE_DISPLAY_NAMES, service);
}
