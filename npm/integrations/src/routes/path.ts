import { SERVICE_CATALOG, type TenantService } from '../index.js';
import { HttpError } from './error.js';

/** The service of the catalog that the path of a request names: see {@link serviceNameOf}. */
export function serviceOf(request: Request, action?: 'verify'): TenantService {
  const name = serviceNameOf(request, action);
  const service = SERVICE_CATALOG.find(({ id }) => id === name);
  if (!service) {
    throw unknown();
  }
  return service.id;
}

/**
 * The service that the path of a request names, `…/credentials/<service>`, or with `/verify`. A tenant
 * may have credentials of services that the catalog does not know.
 */
export function serviceNameOf(request: Request, action?: 'verify'): string {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '');
  if (action && segments.pop() !== action) {
    throw unknown();
  }
  const [parent, name] = segments.slice(-2);
  if (parent !== 'credentials' || !/^[a-z0-9_]{1,64}$/.test(name ?? '')) {
    throw unknown();
  }
  return name as string;
}

function unknown(): HttpError {
  const ids = SERVICE_CATALOG.map(({ id }) => id).join(', ');
  return new HttpError(404, `Unknown service: use one of ${ids}`, { code: 'SERVICE_UNKNOWN' });
}
