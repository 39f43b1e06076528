// How far a sink is with the events of a tenant. No I/O.

import type { TenantCredentialEvent } from '../events/events.js';

/** How far a sink is. Positions are those of the chain; times are milliseconds since 1970. */
export interface DeliveryState {
  /** The last event that was read; it and those before are done, but for those of services behind. */
  position: number;
  /** Services whose next event failed, so that theirs are done up to another position only. */
  behind: Record<string, Behind>;
  /** Until when a process has it. */
  claimedUntil?: number | undefined;
}

interface Behind {
  /** The events of the service up to this position are done. */
  position: number;
  attempts: number;
  nextAt: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Until the next attempt, after each failure; with another one an event is given up. */
const RETRY_AFTER_MS = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  45 * SECOND_MS,
  2 * MINUTE_MS,
  7 * MINUTE_MS,
  20 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  9 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
];

/** The services behind whose next attempt is due. */
export function dueServices({ behind }: DeliveryState, now: number): string[] {
  return Object.entries(behind).flatMap(([service, { nextAt }]) =>
    nextAt <= now ? [service] : [],
  );
}

export function isBehind({ behind }: DeliveryState, service: string): boolean {
  return Object.hasOwn(behind, service);
}

/** Whether an event of a service behind failed again. */
export function isRefused(before: DeliveryState, after: DeliveryState, service: string): boolean {
  return before.behind[service] !== after.behind[service];
}

/** The events of a service behind are done up to a position. */
export function behindFrom(state: DeliveryState, service: string, position: number): DeliveryState {
  return { ...state, behind: { ...state.behind, [service]: { position, attempts: 0, nextAt: 0 } } };
}

/** A service is as far as the others. */
export function caughtUp(state: DeliveryState, service: string): DeliveryState {
  const { [service]: _, ...behind } = state.behind;
  return { ...state, behind };
}

/** The state after a failure of an event; `undefined` after the last one, with which it is given up. */
export function afterFailure(
  state: DeliveryState,
  { service, position }: TenantCredentialEvent,
  now: number,
): DeliveryState | undefined {
  const before = isBehind(state, service) ? state.behind[service] : undefined;
  const attempts = (before?.attempts ?? 0) + 1;
  const wait = RETRY_AFTER_MS[attempts - 1];
  if (wait === undefined) {
    return undefined;
  }
  const behind: Behind = {
    position: before?.position ?? (position ?? 0) - 1,
    attempts,
    nextAt: now + wait,
  };
  return { ...state, behind: { ...state.behind, [service]: behind } };
}
