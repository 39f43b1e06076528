// The handlers of scheduled work, which a scheduler such as Vercel Cron asks with a secret.

import type { DeliveryOptions, VerifyDueOptions } from '../index.js';
import { HttpError } from './error.js';

/** What the handlers of scheduled work do. */
export interface ScheduleOptions {
  /** The scheduler sends `Authorization: Bearer <secret>`; Vercel Cron sends `CRON_SECRET`. */
  secret: string;
  /** Where `deliver` delivers events to. */
  sinks?: DeliveryOptions['sinks'];
  /** Options of `verifyDue`, such as `olderThanMs`. */
  verify?: Omit<VerifyDueOptions, 'signal'>;
  /** Milliseconds after which a run begins nothing more; the next one goes on. Default 45 000. */
  timeLimitMs?: number;
}

const MIN_SECRET_CHARACTERS = 16;
const DEFAULT_TIME_LIMIT_MS = 45_000;

/** Throws `TypeError` for options that would let anybody in. @internal */
export function checkSchedule(schedule: ScheduleOptions | undefined): void {
  const secret: unknown = schedule?.secret;
  if (schedule && !(typeof secret === 'string' && secret.length >= MIN_SECRET_CHARACTERS)) {
    throw new TypeError(
      'createCredentialRoutes: schedule.secret must be a string of 16 or more characters',
    );
  }
}

/** The options, for a request that brings the secret; ends with the time limit. @internal */
export async function authorizedSchedule(
  schedule: ScheduleOptions | undefined,
  request: Request,
): Promise<ScheduleOptions & { signal: AbortSignal }> {
  if (!schedule) {
    throw new HttpError(404, 'Nothing is scheduled here');
  }
  const given = request.headers.get('authorization') ?? '';
  if (!(await isEqual(given, `Bearer ${schedule.secret}`))) {
    throw new HttpError(401, 'The secret of the scheduler is missing or wrong');
  }
  return {
    ...schedule,
    signal: AbortSignal.timeout(schedule.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS),
  };
}

/** Takes the same time wherever they differ. */
async function isEqual(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all([given, expected].map(digest));
  let difference = 0;
  a?.forEach((byte, index) => {
    difference |= byte ^ (b?.[index] ?? 0);
  });
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
