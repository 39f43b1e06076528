import type { CredentialStatusAnswer } from '../routes/statuses.js';
import type { CredentialHealth } from '../storage/health.js';
import type { CredentialVerification } from '../types.js';

/** How long an answer may take, in milliseconds. The vendor is asked in that time, too. */
const TIMEOUT_MS = 30_000;

/** A type as it comes out of JSON: times are ISO 8601. */
type Serialized<T> = T extends Date
  ? string
  : T extends object
    ? { [Name in keyof T]: Serialized<T[Name]> }
    : T;

/** A connected service. */
export type ServiceStatus = CredentialStatusAnswer;

/** Connected services by their id. */
export type ServiceStatuses = Record<string, ServiceStatus>;

export interface SaveResult {
  /** Whether the vendor accepts the credential; false where it gave no clear answer. */
  verified: boolean;
}

export type VerifyResult = CredentialVerification;

export type Health = Serialized<CredentialHealth>;

export type ServiceHealth = Health['services'][number];

/** A request that did not succeed. */
export class ApiError extends Error {
  /**
   * @param status of the answer; 0 where none came
   * @param fields what is wrong with single fields, by name
   * @param id what to quote to support
   */
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string> = {},
    readonly id?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** The requests that the pages make. All reject with `ApiError`. */
export interface CredentialsApi {
  statuses(): Promise<ServiceStatuses>;
  /** Has the vendor asked first; nothing is saved if it refuses. */
  save(service: string, input: Record<string, unknown>): Promise<SaveResult>;
  verify(service: string): Promise<VerifyResult>;
  disconnect(service: string): Promise<void>;
  health(): Promise<Health>;
}

export function createApi(base: string): CredentialsApi {
  const root = base.replace(/\/+$/, '');
  const credential = (service: string) => `${root}/credentials/${encodeURIComponent(service)}`;
  return {
    async statuses() {
      return byService(await request('GET', `${root}/credentials`));
    },
    async save(service, input) {
      const answer = await request('POST', `${credential(service)}?verify=true`, input);
      return { verified: answer.verified === true };
    },
    async verify(service) {
      return (await request('POST', `${credential(service)}/verify`)) as unknown as VerifyResult;
    },
    async disconnect(service) {
      await request('DELETE', credential(service));
    },
    async health() {
      return (await request('GET', `${root}/health`)) as unknown as Health;
    },
  };
}

type Answer = Record<string, unknown>;

async function request(method: string, url: string, input?: object): Promise<Answer> {
  const response = await send(method, url, input);
  // A host may send the signed-out to its sign-in page.
  if (response.type === 'opaqueredirect') {
    throw new ApiError(401, 'Your session has ended');
  }
  const answer = await readObject(response);
  // Bad health is an answer as well.
  if (response.ok || Array.isArray(answer.services)) {
    return answer;
  }
  const { error, fields, id } = answer;
  throw new ApiError(
    response.status,
    typeof error === 'string' ? error : `The server answered with status ${response.status}`,
    isObject(fields) ? (fields as Record<string, string>) : {},
    typeof id === 'string' ? id : undefined,
  );
}

async function send(method: string, url: string, input?: object): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(input && { 'content-type': 'application/json' }),
      },
      ...(input && { body: JSON.stringify(input) }),
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ApiError(0, 'The server could not be reached');
  }
}

async function readObject(response: Response): Promise<Answer> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch {
    answer = undefined;
  }
  if (isObject(answer)) {
    return answer;
  }
  if (response.ok) {
    throw new ApiError(502, 'The server answered with something else than expected');
  }
  return {};
}

function byService(answer: Answer): ServiceStatuses {
  const statuses = Object.values(answer).flat().filter(isObject) as unknown as ServiceStatus[];
  return Object.fromEntries(
    statuses.filter(({ connected }) => connected).map((status) => [status.service, status]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
