// Who may use a route: the method, the site a write comes from, and the caller's role.

import { ownProperties } from '../own-properties.js';
import { HttpError } from './error.js';

/** Who sends a request, as the host's session says. */
export interface Caller {
  /** Slug of the tenant that the session is for; none where no tenant is chosen. */
  tenantId: string | null | undefined;
  /** Id of the user, for the audit log. */
  userId: string;
  /** Role in that tenant. Credentials are for admins only. Has to be a property of the object itself. */
  role: 'admin' | 'member';
  /** Id of the request, for the event of a change; a header is worth what the proxy in front makes of it. */
  requestId?: string | undefined;
  /** Network address of the user, for the event of a change. */
  address?: string | undefined;
}

/** A caller who may manage the credentials of a tenant. @internal */
export interface Admin extends Caller {
  tenantId: string;
}

/** Refuses every other method (RFC 9110, section 15.5.6). @internal */
export function checkMethod(request: Request, method: string): void {
  if (request.method !== method) {
    throw new HttpError(405, `Use ${method}`, { headers: { allow: method } });
  }
}

/** Where writes may come from. @internal */
export interface OriginRules {
  /** Origins besides the request's own. */
  trustedOrigins: readonly string[];
  /** Whether `X-Forwarded-Host` names the request's own host. */
  trustForwardedHost: boolean;
}

/**
 * Refuses writes that another site makes a browser send. Browsers say where a request comes from
 * in `Sec-Fetch-Site`, older ones in `Origin`; a request with neither comes from no browser.
 *
 * @internal
 */
export function checkOrigin(
  request: Request,
  { trustedOrigins, trustForwardedHost }: OriginRules,
): void {
  const origin = request.headers.get('origin');
  if (origin !== null && trustedOrigins.includes(origin)) {
    return;
  }
  const site = request.headers.get('sec-fetch-site');
  const isOwn =
    site === null
      ? origin === null || hostOf(origin) === ownHost(request, trustForwardedHost)
      : site === 'same-origin' || site === 'none';
  if (!isOwn) {
    throw new HttpError(403, 'Requests from other sites are refused');
  }
}

/** The caller, who is an admin of a tenant. Only what `authorize` itself put into it counts. @internal */
export function checkRole(caller: Caller | null): Admin {
  if (!caller) {
    throw new HttpError(401, 'Sign in first');
  }
  const { tenantId, userId, role, requestId, address } = ownProperties(caller);
  if (!tenantId) {
    throw new HttpError(400, 'Tenant context required');
  }
  if (role !== 'admin') {
    throw new HttpError(403, 'Only an admin of this tenant can manage its credentials');
  }
  return { tenantId, userId, role, requestId, address };
}

/** Anybody can send `X-Forwarded-Host`; it is worth something where a proxy overwrites it. */
function ownHost({ headers, url }: Request, trustForwardedHost: boolean): string {
  const forwarded = trustForwardedHost ? headers.get('x-forwarded-host') : null;
  // Of several proxies the first one was asked by the browser.
  const [first = ''] = forwarded?.split(',') ?? [];
  return first.trim() || headers.get('host') || new URL(url).host;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
