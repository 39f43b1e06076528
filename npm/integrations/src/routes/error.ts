// What becomes of an error: an answer that says what to do, or an id under which the log has it.

import { isIntegrationError } from '../index.js';
import { ownProperties } from '../own-properties.js';
import { json } from './response.js';

interface ErrorDetails {
  code?: string | undefined;
  fields?: Record<string, string> | undefined;
  headers?: Record<string, string>;
}

/** A refusal whose text the caller may read. @internal */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

/** What the log is to know of an error whose text is not answered. */
export interface RouteReport {
  /** Stands in the answer, too. */
  id: string;
  status: number;
  method: string;
  /** Path of the request, without its query. */
  path: string;
  error: unknown;
}

/** Errors of the package that the caller can do something about. */
const STATUS_BY_CODE = new Map([
  ['INPUT_INVALID', 422],
  ['CREDENTIAL_INVALID', 422],
  ['CREDENTIAL_INCOMPLETE', 422],
  ['SERVICE_UNKNOWN', 404],
]);

/** Errors that are over once somebody has put the server right. */
const UNAVAILABLE =
  /^(DATABASE_|KEY_|TENANT_NOT_FOUND$|EVENTS_MISSING$|PERMISSION_DENIED$|PLACEMENT_FAILED$|BUSY$|ADDON_UNAVAILABLE$)/;

/** The answer to a request that failed. @internal */
export function errorResponse(
  error: unknown,
  request: Request,
  onError: (report: RouteReport) => void,
): Response {
  const failure = toHttpError(error);
  if (failure) {
    const { code, fields, headers } = ownProperties(failure.details);
    return json(failure.status, { error: failure.message, code, fields }, headers);
  }
  const unavailable = isIntegrationError(error) && UNAVAILABLE.test(error.code);
  const status = unavailable ? 503 : 500;
  const id = crypto.randomUUID();
  const { method, url } = request;
  onError({ id, status, method, path: new URL(url).pathname, error });
  const what = unavailable ? 'The credential vault is not available' : 'Something went wrong';
  return json(status, {
    error: `${what}. Try again. If the problem persists, contact support with ID ${id}.`,
    id,
  });
}

/** One line; the stack only of errors that are none of the package's. @internal */
export function reportToConsole({ id, status, method, path, error }: RouteReport): void {
  const cause = isIntegrationError(error)
    ? `${error.code} ${error.message}`
    : error instanceof Error
      ? error.stack
      : String(error);
  console.error(`[integrations] ${id} ${status} ${method} ${path}: ${cause}`);
}

function toHttpError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) {
    return error;
  }
  const status = isIntegrationError(error) ? STATUS_BY_CODE.get(error.code) : undefined;
  if (status === undefined) {
    return undefined;
  }
  const { code, fields } = ownProperties(error as Error & ErrorDetails);
  return new HttpError(status, (error as Error).message, { code, fields });
}
