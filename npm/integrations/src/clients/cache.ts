// Clients are kept for each tenant and service. An entry is the promise of a client, put in place
// before anything is read: a burst of first calls shares it, and once it has been taken out nothing
// can put it back, however late its read ends.

import { callCore } from '../backend/call-core.js';
import { callStore, parse } from '../backend/core.js';
import { COPY } from '../backend/default-vault.js';
import { settle } from '../backend/stores.js';
import type { Vault } from '../backend/vault.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { auditRead } from '../events/reads.js';
import { ownProperties } from '../own-properties.js';
import { displayName } from '../services.js';
import type { TenantCredential, TenantService } from '../types.js';
import { startListening } from './listener.js';
import { checkSendable } from './sdk.js';

/** Milliseconds that a client is kept (compatibility.md, section 6). */
const LIFETIME_MS = 5 * 60_000;
/** Milliseconds after which is asked whether another process changed the credential. */
const DEFAULT_MAX_STALE_MS = 10_000;
/** Clients that are kept at most; the one that was not used for longest goes first. */
const CAPACITY_ENTRIES = 1_000;

/** What a client is made from. */
interface ClientSource {
  tenantId: string;
  service: TenantService;
  /** The database that had the tenant then. */
  databaseUrl: string | undefined;
}

/** A client in the cache, which all copies of the package share. */
export interface CachedClient extends ClientSource {
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
type Build<T> = (vault: Vault, tenantId: string, credential: TenantCredential) => T | Promise<T>;

/** What a client cannot be revoked for: nobody could say whether it was. A busy database can be asked again. */
const NO_ANSWER = ['DATABASE_UNAVAILABLE', 'DATABASE_TIMEOUT', 'DATABASE_BUSY', 'BUSY'];

/** The client of a tenant, from the cache or built from the stored credential. */
export async function cachedClient<T>(
  vault: Vault,
  tenantId: string,
  service: TenantService,
  build: Build<T>,
): Promise<T | null> {
  if (typeof tenantId !== 'string') {
    await callCore(vault, (core) => core.checkTenantId(tenantId));
  }
  startListening(vault, (changedTenant, changedService) =>
    clearWhere(
      vault,
      (entry) =>
        changedTenant === undefined ||
        (entry.tenantId === changedTenant && entry.service === changedService),
    ),
  );
  // A key or URL that changed in the environment empties the cache.
  const databaseUrl = await settle(vault, tenantId);
  const entries = vault.clients;
  const key = keyOf(service, tenantId);
  let entry = sharedEntry(vault, key);
  if (entry && !(entry.databaseUrl === databaseUrl && (await isUsable(vault, entry)))) {
    if (entries.get(key) === entry) {
      entries.delete(key);
    }
    entry = sharedEntry(vault, key);
  }
  entry ??= insert(vault, key, { tenantId, service, databaseUrl }, build);
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
export function clearCachedClient(vault: Vault, service: TenantService, tenantId?: string): void {
  clearWhere(
    vault,
    (entry) => entry.service === service && (tenantId ?? entry.tenantId) === entry.tenantId,
  );
}

/** Drops the clients for which a condition holds. */
export function clearWhere(
  { clients }: Vault,
  condition: (entry: Readonly<CachedClient>) => boolean,
): void {
  for (const [key, entry] of clients) {
    if (condition(entry)) {
      clients.delete(key);
    }
  }
}

/** Runs a change of a credential; no client made before or during it stays. */
export async function withCacheInvalidation<T>(
  vault: Vault,
  tenantId: string,
  service: TenantService,
  change: () => Promise<T>,
): Promise<T> {
  clearCachedClient(vault, service, tenantId);
  try {
    return await change();
  } finally {
    clearCachedClient(vault, service, tenantId);
  }
}

/** On the edge a request can be cut off; who waits for a client it was making would wait for ever. */
function sharedEntry({ clients }: Vault, key: string): CachedClient | undefined {
  const entry = clients.get(key);
  return IS_EDGE_BUILD && entry?.isPending ? undefined : entry;
}

function insert<T>(vault: Vault, key: string, source: ClientSource, build: Build<T>): CachedClient {
  const entries = vault.clients;
  const now = Date.now();
  const made = make(vault, source.tenantId, source.service, build);
  const entry: CachedClient = {
    ...source,
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
  vault: Vault,
  tenantId: string,
  service: TenantService,
  build: Build<T>,
): Promise<Made | null> {
  const credential = parse(
    await callStore(vault, 'credential', tenantId, service, auditRead(vault, tenantId, service)),
  );
  if (!credential) {
    return null;
  }
  const { values, account, revision } = credential;
  const plain = { values: ownProperties(values), account: ownProperties(account), revision };
  checkSendable(service, plain);
  return { client: await build(vault, tenantId, plain), revision };
}

async function isUsable(vault: Vault, entry: CachedClient): Promise<boolean> {
  const now = Date.now();
  if (now - entry.madeAt >= LIFETIME_MS) {
    return false;
  }
  const { maxStaleMs = DEFAULT_MAX_STALE_MS } = vault.options;
  if (now - entry.checkedAt < maxStaleMs) {
    return true;
  }
  // A question that was asked before this call may know less than this call has to.
  if (IS_EDGE_BUILD || !entry.check || maxStaleMs === 0) {
    entry.check = isUnchanged(vault, entry).finally(() => {
      entry.checkedAt = Date.now();
      entry.check = undefined;
    });
  }
  return entry.check;
}

/** Asks for the revision. A database that does not answer takes no client away, unless failClosed says so. */
async function isUnchanged(vault: Vault, entry: CachedClient): Promise<boolean> {
  try {
    const stored = parse(await callStore(vault, 'revision', entry.tenantId, entry.service));
    return (await entry.made)?.revision === stored;
  } catch (error) {
    return !vault.options.failClosed && isIntegrationError(error) && NO_ANSWER.includes(error.code);
  }
}

/** Each copy has clients of its own, made with the SDK that it sees: Jest gives each test file another. */
function keyOf(service: TenantService, tenantId: string): string {
  return `${service}\n${tenantId}\n${COPY}`;
}
