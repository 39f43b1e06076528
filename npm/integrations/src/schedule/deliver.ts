// Delivering events: at least once, and those of one credential in their order.

import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { writesEvents } from '../events/actor.js';
import {
  readEvents,
  sealTenantCredentialEvents,
  type TenantCredentialEvent,
  type TenantCredentialEventName,
} from '../events/events.js';
import { inTime } from '../in-time.js';
import { checkFleetOptions, type FleetOptions, forEachTenant } from '../storage/fleet.js';
import { listTenants } from '../storage/tenants.js';
import {
  afterFailure,
  behindFrom,
  caughtUp,
  type DeliveryState,
  dueServices,
  isBehind,
  isRefused,
} from './delivery-state.js';
import { readSchedule, type StoredState, swapState } from './states.js';

/** Where events go. */
export interface EventSink {
  /** Names what was delivered to it: another name gets all events again. Letters, digits, `_` and `-`. */
  name: string;
  /** The events that it gets. Default: all but `credential.read`, `.verified` and `.suspect`. */
  events?: readonly TenantCredentialEventName[] | undefined;
  /** Takes one event; what it throws is a failure, and the event comes again. */
  deliver(event: TenantCredentialEvent, context: DeliveryContext): void | Promise<void>;
}

/** What a sink may need besides the event. */
export interface DeliveryContext {
  /** Aborted when the delivery took too long. */
  signal: AbortSignal;
  /** The vault, such as for the tenant's own Resend client. @internal */
  vault: Vault;
}

/** Options of `deliverCredentialEvents`. */
export interface DeliveryOptions extends FleetOptions {
  sinks: readonly EventSink[];
  /** Milliseconds that one delivery may take. Default 10 000. */
  timeoutMs?: number | undefined;
}

/** An event that was given up. */
export interface FailedDelivery {
  sink: string;
  tenantId: string;
  eventId: string;
  service: string;
  /** The `code` of the last failure; `SINK_TIMEOUT`, or `SINK_FAILED` where the sink's error has none. */
  code: string;
}

/** What a run delivered. */
export interface DeliveryReport {
  tenants: number;
  delivered: number;
  /** Deliveries that failed and come again. */
  failed: number;
  /** Deliveries that failed for the twelfth time, and are given up. */
  dead: FailedDelivery[];
  failures: { tenantId: string; code: string }[];
}

const DEFAULT_TIMEOUT_MS = 10_000;
const PAGE_EVENTS = 100;
/** For how long a run begins deliveries to a sink of a tenant. */
const DELIVERING_MS = 60_000;
/** What writing down how far it is may take after the last one. */
const RECORDING_MS = 50_000;
const UNTOLD: readonly TenantCredentialEventName[] = [
  'credential.read',
  'credential.verified',
  'credential.suspect',
];
const TOO_LATE = Symbol('too late');
const SINK_NAME = /^[\w-]{1,64}$/;

/**
 * Seals the events of the tenants and delivers those that a sink has not had: at least once, and those of
 * one tenant and service in their order. One that fails comes again after 5 seconds and up to 24 hours;
 * meanwhile the later ones of its service wait. After twelve failures it is given up.
 *
 * Run it every few seconds, or as often as a message may be late. Several processes may run it at once.
 *
 * @returns the counts, and what was given up
 * @throws `CONFIG_INVALID` where events are off or an option is wrong, `KEY_MISSING` or `KEY_INVALID`
 *   without a generated key, and what listing the tenants rejects with
 */
export async function deliverCredentialEvents(
  this: unknown,
  options: DeliveryOptions,
): Promise<DeliveryReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('deliverCredentialEvents', options, ['timeoutMs']);
  checkSinks(vault, given.sinks);
  const report: DeliveryReport = { tenants: 0, delivered: 0, failed: 0, dead: [], failures: [] };
  const tenants = given.tenants ?? (await listTenants.call(vault));
  const { done, failed } = await forEachTenant(tenants, given, async (tenantId) => {
    await sealTenantCredentialEvents.call(vault, tenantId);
    const { stateOf } = await readSchedule(vault, tenantId);
    const deliveries = given.sinks.map((sink) =>
      deliverTo(vault, tenantId, sink, stateOf(`delivery:${sink.name}`), given, report),
    );
    await Promise.all(deliveries);
  });
  report.tenants = done;
  report.failures.push(...failed.map(({ tenantId, error }) => ({ tenantId, code: error.code })));
  return report;
}

/** A tenant's events on their way to one sink. */
interface Delivery {
  vault: Vault;
  tenantId: string;
  sink: EventSink;
  timeoutMs: number;
  report: DeliveryReport;
  /** Whether no further delivery is to begin. */
  isOver: () => boolean;
}

async function deliverTo(
  vault: Vault,
  tenantId: string,
  sink: EventSink,
  { version, state: stored }: StoredState<DeliveryState>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: DeliveryOptions,
  report: DeliveryReport,
): Promise<void> {
  const name = `delivery:${sink.name}`;
  const now = Date.now();
  const state: DeliveryState = stored ?? { position: 0, behind: {} };
  if ((state.claimedUntil ?? 0) > now) {
    return;
  }
  const news = await readEvents(vault, tenantId, 'sealed', state.position, PAGE_EVENTS);
  const retried = dueServices(state, now);
  const claim = { ...state, claimedUntil: now + DELIVERING_MS + timeoutMs + RECORDING_MS };
  if (
    (news.length === 0 && retried.length === 0) ||
    !(await swapState(vault, tenantId, name, version, claim))
  ) {
    return;
  }
  const isOver = () => signal?.aborted === true || Date.now() - now > DELIVERING_MS;
  const delivery: Delivery = { vault, tenantId, sink, timeoutMs, report, isOver };
  let after = state;
  for (const service of retried) {
    after = await catchUp(delivery, after, service);
  }
  for (const event of news) {
    if (isOver()) {
      break;
    }
    // The events of a service that is behind wait for those before them.
    after = isBehind(after, event.service) ? after : await deliverOne(delivery, after, event);
    after = { ...after, position: positionOf(event) };
  }
  await swapState(vault, tenantId, name, version + 1, { ...after, claimedUntil: undefined });
}

/** Delivers what a service is behind with, up to where the others are. */
async function catchUp(
  delivery: Delivery,
  state: DeliveryState,
  service: string,
): Promise<DeliveryState> {
  const { vault, tenantId, isOver } = delivery;
  const from = state.behind[service]?.position ?? state.position;
  const page = await readEvents(vault, tenantId, 'sealed', from, PAGE_EVENTS, service);
  const events = page.filter((event) => positionOf(event) <= state.position);
  let after = state;
  for (const event of events) {
    if (isOver()) {
      return after;
    }
    const before = after;
    after = await deliverOne(delivery, before, event);
    if (isRefused(before, after, service)) {
      return after;
    }
    after = behindFrom(after, service, positionOf(event));
  }
  return page.length < PAGE_EVENTS || events.length < page.length
    ? caughtUp(after, service)
    : after;
}

async function deliverOne(
  { vault, sink, timeoutMs, report }: Delivery,
  state: DeliveryState,
  event: TenantCredentialEvent,
): Promise<DeliveryState> {
  if (!isWanted(sink, event)) {
    return state;
  }
  const code = await failureOf(vault, sink, event, timeoutMs);
  if (code === undefined) {
    report.delivered += 1;
    return state;
  }
  const after = afterFailure(state, event, Date.now());
  if (after) {
    report.failed += 1;
    return after;
  }
  const { tenantId, id: eventId, service } = event;
  report.dead.push({ sink: sink.name, tenantId, eventId, service, code });
  return state;
}

/** Why a sink did not take an event. */
async function failureOf(
  vault: Vault,
  sink: EventSink,
  event: TenantCredentialEvent,
  timeoutMs: number,
): Promise<string | undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = () => {
    controller.abort();
    return TOO_LATE;
  };
  try {
    await inTime(async () => sink.deliver(event, { signal, vault }), timeoutMs, late);
    return undefined;
  } catch (error) {
    // What a sink throws may have anything in it.
    return error === TOO_LATE
      ? 'SINK_TIMEOUT'
      : isIntegrationError(error)
        ? error.code
        : 'SINK_FAILED';
  }
}

function isWanted({ events }: EventSink, { event }: TenantCredentialEvent): boolean {
  return events ? events.includes(event) : !UNTOLD.includes(event);
}

/** Of an event that is sealed. */
function positionOf({ position }: TenantCredentialEvent): number {
  return position ?? 0;
}

function checkSinks(vault: Vault, sinks: readonly EventSink[]): void {
  if (!writesEvents(vault)) {
    throw invalid('needs events: true');
  }
  const isSink = (sink: EventSink) =>
    typeof sink?.deliver === 'function' && SINK_NAME.test(String(sink.name));
  if (!Array.isArray(sinks) || sinks.length === 0 || !sinks.every(isSink)) {
    throw invalid('sinks must be an array of { name, deliver }');
  }
  if (new Set(sinks.map(({ name }) => name)).size !== sinks.length) {
    throw invalid('two sinks have the same name');
  }
}

function invalid(reason: string): Error {
  return integrationError('CONFIG_INVALID', `deliverCredentialEvents: ${reason}`);
}
