import { refusal, signatureMissing } from './refusal.js';
import type { WebhookOptions } from './verification.js';

const DEFAULT_TOLERANCE_SECONDS = 300;

/**
 * Checks the time that a signature covers: first of all, since it costs nothing. A clock that runs
 * ahead is as wrong as a late delivery.
 */
export function checkTime(
  seconds: string,
  header: string,
  options: WebhookOptions,
  defaultTolerance = DEFAULT_TOLERANCE_SECONDS,
): void {
  if (!/^\d{1,12}$/.test(seconds)) {
    throw signatureMissing(header);
  }
  const tolerance = options.toleranceSeconds ?? defaultTolerance;
  if (!(Math.abs(Date.now() / 1000 - Number(seconds)) <= tolerance)) {
    throw refusal(
      'TIMESTAMP_OUTSIDE_TOLERANCE',
      `The signature's time is more than ${tolerance} seconds from now: it is a replay, or a clock is wrong`,
    );
  }
}
