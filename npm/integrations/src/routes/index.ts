// The admin API (compatibility.md, section 7) as web-standard handlers, for Next.js and other hosts.
//
// Like `testing/` it imports what has state from `../index.js` alone, which the build leaves out: a copy
// of another module would have a vault of its own. A rule of `.biome.json` holds that.

import {
  type Actor,
  deleteTenantCredential,
  deliverCredentialEvents,
  getCredentialHealth,
  getTenantApiCredential,
  getTenantCredentialStatuses,
  type Integrations,
  saveTenantCredential,
  type TenantService,
  verifyDueCredentials,
  verifyTenantCredential,
} from '../index.js';
import { ownProperties } from '../own-properties.js';
import { type Admin, type Caller, checkMethod, checkOrigin, checkRole } from './access.js';
import { readObject } from './body.js';
import { errorResponse, type RouteReport, reportToConsole } from './error.js';
import { toInput } from './input.js';
import { serviceNameOf, serviceOf } from './path.js';
import { type LimitedAction, type RateLimits, rateLimiter } from './rate-limits.js';
import { json } from './response.js';
import { authorizedSchedule, checkSchedule, type ScheduleOptions } from './schedule.js';
import { groupStatuses } from './statuses.js';

export type { Caller } from './access.js';
export type { RouteReport } from './error.js';
export type { RateLimitCount, RateLimitStore, RateLimits } from './rate-limits.js';
export type { ScheduleOptions } from './schedule.js';
export type { CredentialStatusAnswer, CredentialStatusesAnswer } from './statuses.js';

const DEFAULT_BODY_TIMEOUT_MS = 10_000;

/** Answers one request. */
export type RouteHandler = (request: Request) => Promise<Response>;

/** The handlers; each belongs to one method and path below `/api/admin/integrations`. */
export interface CredentialRoutes {
  /** `GET credentials` */
  list: RouteHandler;
  /** `POST credentials/[service]`; with `?verify=true` the vendor is asked before it is saved. */
  save: RouteHandler;
  /** `DELETE credentials/[service]` */
  disconnect: RouteHandler;
  /** `POST credentials/[service]/verify` */
  verify: RouteHandler;
  /** `GET health` */
  health: RouteHandler;
  /** `GET` for a scheduler: asks vendors about the credentials that are due. */
  verifyDue: RouteHandler;
  /** `GET` for a scheduler: delivers events. */
  deliver: RouteHandler;
}

/** Something that a tenant's admin did, for the host's audit log. */
export interface CredentialEvent {
  action: 'save' | 'disconnect' | 'verify';
  tenantId: string;
  userId: string;
  service: TenantService;
  /**
   * What came of it: of a save `verified` or `unverified`, of a disconnect `disconnected` or `absent`, of a
   * verification its `status`.
   */
  outcome: string;
}

/** What the routes call. */
export type CredentialRouteIntegrations = Pick<
  Integrations,
  | 'deleteTenantCredential'
  | 'deliverCredentialEvents'
  | 'getCredentialHealth'
  | 'getTenantApiCredential'
  | 'getTenantCredentialStatuses'
  | 'saveTenantCredential'
  | 'verifyDueCredentials'
  | 'verifyTenantCredential'
>;

export interface CredentialRouteOptions {
  /** Says who sends a request, by the host's own session; `null` if nobody is signed in. */
  authorize: (request: Request) => Caller | null | Promise<Caller | null>;
  /**
   * Origins besides the request's own that may send writes, such as `https://admin.example.com`
   * where the pages are on another host than the API.
   */
  trustedOrigins?: readonly string[];
  /**
   * Whether `X-Forwarded-Host` names the host that the browser asked for. Only where a proxy in front
   * sets it on every request; elsewhere anybody can. Default: false.
   */
  trustForwardedHost?: boolean;
  /** Milliseconds that the body of a request may take to arrive. Default: 10 seconds. */
  bodyTimeoutMs?: number;
  /**
   * How many writes and verifications a tenant has in a minute; more are answered with 429 and
   * `Retry-After`. Default: 30 and 10, counted by each process; `false` for no limits.
   */
  rateLimits?: RateLimits | false;
  /** What `verifyDue` and `deliver` do, and the secret of who may ask them to. */
  schedule?: ScheduleOptions;
  /** What `createIntegrations` made. Default: the functions of the package. */
  integrations?: CredentialRouteIntegrations;
  /**
   * Called after something was done, and waited for. What it throws goes to `onError`, under the status of
   * the answer, which stays that of the change.
   */
  onEvent?: (event: CredentialEvent) => void | Promise<void>;
  /** Called with what an answer does not say. Default: one line to `console.error`. */
  onError?: (report: RouteReport) => void;
}

/**
 * Makes the handlers of the admin API.
 *
 * The tenant comes from `authorize` and nowhere else, and only its admins get in. Answers carry
 * neither secrets nor ciphertext and are never cached. Errors are `{ error, code?, fields?, id? }`.
 *
 * @returns a handler for each method and path
 * @throws `TypeError` where an option is wrong
 */
export function createCredentialRoutes(options: CredentialRouteOptions): CredentialRoutes {
  const own = ownProperties(options ?? {});
  const { authorize, integrations, onEvent, onError = reportToConsole, schedule } = own;
  const { trustedOrigins = [], trustForwardedHost = false } = own;
  const { bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS, rateLimits = {} } = own;
  if (typeof authorize !== 'function') {
    throw new TypeError(
      'createCredentialRoutes needs authorize(request), which says who is asking',
    );
  }
  if (!Number.isSafeInteger(bodyTimeoutMs) || bodyTimeoutMs <= 0) {
    throw new TypeError('createCredentialRoutes: bodyTimeoutMs must be a positive integer');
  }

  checkSchedule(schedule);
  const countRequest = rateLimiter(rateLimits);

  /** Looked up for each request: tests replace functions of the package while they run. */
  function vault(): CredentialRouteIntegrations {
    return (
      integrations ?? {
        deleteTenantCredential,
        deliverCredentialEvents,
        getCredentialHealth,
        getTenantApiCredential,
        getTenantCredentialStatuses,
        saveTenantCredential,
        verifyDueCredentials,
        verifyTenantCredential,
      }
    );
  }

  /** What all handlers have in common: who may, and what becomes of an error. */
  function handler(
    method: 'GET' | 'POST' | 'DELETE',
    respond: (request: Request, caller: Admin) => Promise<Response>,
    limited: (request: Request) => readonly LimitedAction[] = () => [],
  ): RouteHandler {
    return async (request) => {
      try {
        checkMethod(request, method);
        if (method !== 'GET') {
          checkOrigin(request, { trustedOrigins, trustForwardedHost });
        }
        const caller = checkRole(await authorize(request));
        await countRequest(caller.tenantId, limited(request));
        return await respond(request, caller);
      } catch (error) {
        return errorResponse(error, request, onError);
      }
    };
  }

  /** The same for a scheduler, which brings a secret and no session. */
  function scheduled(
    work: (options: ScheduleOptions & { signal: AbortSignal }) => Promise<object>,
  ): RouteHandler {
    return async (request) => {
      try {
        checkMethod(request, 'GET');
        return json(200, await work(await authorizedSchedule(schedule, request)));
      } catch (error) {
        return errorResponse(error, request, onError);
      }
    };
  }

  /** Gives the event to the host, whose failure takes nothing of the change back. */
  async function done(request: Request, event: CredentialEvent) {
    try {
      await onEvent?.(event);
    } catch (error) {
      const { method, url } = request;
      const id = crypto.randomUUID();
      onError({ id, status: 200, method, path: new URL(url).pathname, error });
    }
  }

  return {
    list: handler('GET', async (_, { tenantId }) =>
      json(200, groupStatuses(await vault().getTenantCredentialStatuses(tenantId))),
    ),

    save: handler(
      'POST',
      async (request, caller) => {
        const service = serviceOf(request);
        const body = await readObject(request, bodyTimeoutMs);
        const input = await toInput(vault(), caller.tenantId, service, body);
        const verify = asksToVerify(request);
        const { tenantId, userId } = caller;
        const options = { verify, actor: actorOf(caller) };
        const saved = await vault().saveTenantCredential(tenantId, service, input, options);
        const verified = saved.lastVerifiedAt !== null;
        const outcome = verified ? 'verified' : 'unverified';
        await done(request, { action: 'save', tenantId, userId, service, outcome });
        return json(200, { success: true, config: { id: saved.id }, verified });
      },
      (request) => (asksToVerify(request) ? ['writes', 'verifications'] : ['writes']),
    ),

    disconnect: handler(
      'DELETE',
      async (request, caller) => {
        const service = serviceNameOf(request) as TenantService;
        const { tenantId, userId } = caller;
        const options = { actor: actorOf(caller) };
        const existed = await vault().deleteTenantCredential(tenantId, service, options);
        const outcome = existed ? 'disconnected' : 'absent';
        await done(request, { action: 'disconnect', tenantId, userId, service, outcome });
        return json(200, { success: true });
      },
      () => ['writes'],
    ),

    verify: handler(
      'POST',
      async (request, caller) => {
        const service = serviceOf(request, 'verify');
        const { tenantId, userId } = caller;
        const options = { actor: actorOf(caller) };
        const result = await vault().verifyTenantCredential(tenantId, service, options);
        const outcome = result.status;
        await done(request, { action: 'verify', tenantId, userId, service, outcome });
        return json(200, result);
      },
      () => ['verifications'],
    ),

    health: handler('GET', async (_, { tenantId }) => {
      const health = await vault().getCredentialHealth(tenantId);
      const works = health.database.errorCode === undefined && health.encryptionKey.present;
      // The sentence may have the name of a host inside the platform's network.
      const { errorMessage: _message, ...database } = health.database;
      return json(works ? 200 : 503, { ...health, database });
    }),

    verifyDue: scheduled(({ verify, signal }) =>
      vault().verifyDueCredentials({ ...verify, signal }),
    ),

    deliver: scheduled(({ sinks = [], signal }) =>
      vault().deliverCredentialEvents({ sinks, signal }),
    ),
  };
}

/** Whether the vendor is to be asked before a save. */
function asksToVerify(request: Request): boolean {
  return new URL(request.url).searchParams.get('verify') === 'true';
}

/** Who makes the change, for its event. */
function actorOf({ userId, requestId, address }: Admin): Actor {
  return { type: 'user', id: userId, requestId, address };
}
