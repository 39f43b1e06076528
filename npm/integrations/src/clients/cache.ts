// Clients are kept for each tenant and service. An entry is the promise of a client, put in place
// before anything is read: a burst of first calls shares it, and once it has been taken out nothing
// can put it back, however late its read ends.

import { integrations } from '../backend/config.js';
import { callCore, callStore, parse } from '../backend/core.js';
import { COPY, state } from '../backend/state.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';
import { displayName } from '../services.js';
import type { TenantCredential, TenantService } from '../types.js';
import { checkSendable } from './sdk.js';

/** Milliseconds that a client is kept (compatibility.md, section 6). */
const LIFETIME_MS = 5 * 60_000;
/** Milliseconds after which is asked whether another process changed the credential. */
const FRESH_MS = 10_000;
/** Clients that are kept at most; the one that was not used for longest goes first. */
const CAPACITY_ENTRIES = 1_000;

/** A client in the cache, which all copies of the package share. */
export interface CachedClient {
  tenantId: string;
  service: TenantService;
  /** `null` if the service is not configured. */
  made: Promise<Made | null>;
  isPending: boolean;
  madeAt: number;
  checkedAt: number;
  check?: Promise<boolean> | undefined;
}

interface Made {
  client: unknown;
  revision: string;
}

/** Makes a client of what is stored. */
type Build<T> = (credential: TenantCredential, tenantId: string) => T | Promise<T>;

/** What a client cannot be revoked for: nobody could say whether it was. */
const NO_ANSWER = ['DATABASE_UNAVAILABLE', 'DATABASE_TIMEOUT'];

const entries = state.clients;

/** The client of a tenant, from the cache or built from the stored credential. */
export async function cachedClient<T>(
  tenantId: string,
  service: TenantService,
  build: Build<T>,
): Promise<T | null> {
  if (typeof tenantId !== 'string') {
    await callCore((core) => core.checkTenantId(tenantId));
  }
  // A key or URL that changed in the environment empties the cache.
  integrations();
  const key = keyOf(service, tenantId);
  let entry = sharedEntry(key);
  if (entry && !(await isUsable(entry))) {
    if (entries.get(key) === entry) {
      entries.delete(key);
    }
    entry = sharedEntry(key);
  }
  entry ??= insert(key, tenantId, service, build);
  if (entries.get(key) === entry) {
    entries.delete(key);
    entries.set(key, entry);
  }
  const made = await entry.made;
  return made && (made.client as T);
}

/** The client of a tenant, or `NOT_CONFIGURED`. */
export async function requiredClient<T>(
  client: Promise<T | null>,
  service: TenantService,
  tenantId: string,
): Promise<T> {
  const found = await client;
  if (found === null) {
    const name = displayName(service);
    throw integrationError('NOT_CONFIGURED', `${name} is not configured for tenant: ${tenantId}`);
  }
  return found;
}

/** Drops the client of one tenant; that of every tenant without one. */
export function clearCachedClient(service: TenantService, tenantId?: string): void {
  clearWhere(
    (entry) => entry.service === service && (tenantId ?? entry.tenantId) === entry.tenantId,
  );
}

/** Drops the clients for which a condition holds. */
export function clearWhere(condition: (entry: Readonly<CachedClient>) => boolean): void {
  for (const [key, entry] of entries) {
    if (condition(entry)) {
      entries.delete(key);
    }
  }
}

/** Runs a change of a credential; no client made before or during it stays. */
export async function withCacheInvalidation<T>(
  tenantId: string,
  service: TenantService,
  change: () => Promise<T>,
): Promise<T> {
  clearCachedClient(service, tenantId);
  try {
    return await change();
  } finally {
    clearCachedClient(service, tenantId);
  }
}

/** On the edge a request can be cut off; who waits for a client it was making would wait for ever. */
function sharedEntry(key: string): CachedClient | undefined {
  const entry = entries.get(key);
  return IS_EDGE_BUILD && entry?.isPending ? undefined : entry;
}

function insert<T>(
  key: string,
  tenantId: string,
  service: TenantService,
  build: Build<T>,
): CachedClient {
  const now = Date.now();
  const made = make(tenantId, service, build);
  const entry: CachedClient = {
    tenantId,
    service,
    made,
    isPending: true,
    madeAt: now,
    checkedAt: now,
  };
  entries.set(key, entry);
  const [oldest] = entries.keys();
  if (entries.size > CAPACITY_ENTRIES && oldest !== undefined) {
    entries.delete(oldest);
  }
  // Only clients are kept, neither errors nor "not configured".
  const forget = () => {
    if (entries.get(key) === entry) {
      entries.delete(key);
    }
  };
  made.then((made) => {
    entry.isPending = false;
    return made ?? forget();
  }, forget);
  return entry;
}

async function make<T>(
  tenantId: string,
  service: TenantService,
  build: Build<T>,
): Promise<Made | null> {
  const credential = parse(await callStore('credential', tenantId, service));
  if (!credential) {
    return null;
  }
  const { values, account, revision } = credential;
  const plain = { values: ownProperties(values), account: ownProperties(account), revision };
  checkSendable(service, plain);
  return { client: await build(plain, tenantId), revision };
}

async function isUsable(entry: CachedClient): Promise<boolean> {
  const now = Date.now();
  if (now - entry.madeAt >= LIFETIME_MS) {
    return false;
  }
  if (now - entry.checkedAt < FRESH_MS) {
    return true;
  }
  if (IS_EDGE_BUILD || !entry.check) {
    entry.check = isUnchanged(entry).finally(() => {
      entry.checkedAt = Date.now();
      entry.check = undefined;
    });
  }
  return entry.check;
}

/** Asks for the revision. A database that does not answer takes no client away; another error does. */
async function isUnchanged(entry: CachedClient): Promise<boolean> {
  try {
    const stored = parse(await callStore('revision', entry.tenantId, entry.service));
    return (await entry.made)?.revision === stored;
  } catch (error) {
    return isIntegrationError(error) && NO_ANSWER.includes(error.code);
  }
}

/** Each copy has clients of its own, made with the SDK that it sees: Jest gives each test file another. */
function keyOf(service: TenantService, tenantId: string): string {
  return `${service}\n${tenantId}\n${COPY}`;
}
