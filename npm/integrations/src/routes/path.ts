import { SERVICE_CATALOG, type TenantService } from '@cgk-platform/integrations';
import { RouteFailure } from './failure.js';

/** The service that the path of a request names: `…/credentials/<service>`, or with `/verify`. */
export function serviceOf(request: Request, action?: 'verify'): TenantService {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '');
  if (action && segments.pop() !== action) {
    throw unknown();
  }
  const [parent, id] = segments.slice(-2);
  const service = SERVICE_CATALOG.find((service) => service.id === id);
  if (parent !== 'credentials' || !service) {
    throw unknown();
  }
  return service.id;
}

function unknown(): RouteFailure {
  const ids = SERVICE_CATALOG.map(({ id }) => id).join(', ');
  return new RouteFailure(404, `Unknown service: use one of ${ids}`, { code: 'SERVICE_UNKNOWN' });
}
