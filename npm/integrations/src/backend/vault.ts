import type { CachedClient } from '../clients/cache.js';
import type { ActorStorage } from '../events/actor.js';
import type { IntegrationsOptions } from '../types.js';
import type { AskedKey, CoreKeys } from './keys.js';
import type { CoreTables } from './layout.js';
import type { Backend, CoreStore, Instance } from './operations.js';

/** The Rust core's side of the settings, and the backend that it belongs to. */
export interface Store {
  core: Backend;
  integrations: CoreStore;
  /** Calls that were accepted and are not done. */
  calls: Set<Promise<unknown>>;
}

/** One configuration: a database or several, a key, and the clients made from what is stored there. */
export class Vault {
  /** What was configured last. Has no prototype. */
  options: IntegrationsOptions = Object.create(null);
  /** The keys that stores and clients were made with, and the URL where one database has all tenants. */
  keys: CoreKeys | undefined = undefined;
  databaseUrl: string | undefined = undefined;
  /** The layout that stores were made with. */
  tables: CoreTables | undefined = undefined;
  /** What the function that gives the key was asked last. */
  askedKey: AskedKey | undefined = undefined;
  /** The WebAssembly instance. */
  wasm: { functions: Backend; instance: Instance } | undefined = undefined;
  /** By backend and database, in order of use. */
  readonly stores = new Map<string, Store>();
  /** Connections of former settings that are being closed. */
  readonly closing = new Set<Promise<void>>();
  /** The actor of the work that runs, where the runtime keeps it: of the default vault, for all. */
  actors: ActorStorage | undefined = undefined;
  /** What hears of the changes of other processes. */
  listener: { stop(): Promise<void> } | undefined = undefined;
  /** The hour of the last read that an event was written of. */
  readonly reads = new Map<string, number>();
  /** Until when a refusal of a credential by its vendor is not checked again. */
  readonly refusals = new Map<string, number>();
  /** In order of use. */
  readonly clients = new Map<string, CachedClient>();
}
