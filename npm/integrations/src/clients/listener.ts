// Hears at once of the changes that other processes make, over a connection of its own to the server
// itself. What it does not hear is found by asking, as without it.

import { cleanUrl } from '../backend/database-url.js';
import { environmentVariable } from '../backend/environment.js';
import type { Vault } from '../backend/vault.js';
import { warnOfListening } from '../backend/warnings.js';

/** What is used of the client of `pg`. */
interface PgClient {
  connect(): Promise<unknown>;
  query(text: string, values?: string[]): Promise<unknown>;
  end(): Promise<void>;
  unref(): void;
  on(event: 'notification', listener: (notice: { payload?: string }) => void): void;
  on(event: 'error' | 'end', listener: () => void): void;
}

type Constructor = new (options: object) => PgClient;

/** Called with what changed; with nothing where anything may have. */
type Heard = (tenantId?: string, service?: string) => void;

/** As the statements of the Rust core have it. */
const CHANNEL = 'cgk_integrations';
/** How long a notification of one's own may take. */
const HELLO_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

let importPg: (() => Promise<unknown>) | undefined;

/**
 * Called by entry points that can connect; others must not even name the package. The function gives
 * `undefined` where it is not installed.
 */
export function registerPg(importPackage: () => Promise<unknown>): void {
  importPg = importPackage;
}

/** The URL to listen at, if there is one. */
export function listenUrlOf({ options }: Vault): string | undefined {
  return cleanUrl(options.listenUrl) ?? cleanUrl(environmentVariable('INTEGRATION_LISTEN_URL'));
}

/** Listens from now on, where the settings say so; does nothing if it does already. */
export function startListening(vault: Vault, heard: Heard): void {
  const url = IS_EDGE_BUILD || vault.listener ? undefined : listenUrlOf(vault);
  if (url === undefined) {
    return;
  }
  const listener = new Listener(url, heard);
  vault.listener = listener;
  listener.run().catch(() => {});
}

class Listener {
  private client: PgClient | undefined;
  private isStopped = false;

  constructor(
    private readonly url: string,
    private readonly heard: Heard,
  ) {}

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.client?.end().catch(() => {});
  }

  /** Connects again and again until it is stopped. */
  async run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.isStopped) {
      try {
        await this.listen(() => {
          pause = FIRST_PAUSE_MS;
        });
      } catch {
        // The server is away: asking says what changed.
      }
      await unreferencedPause(this.isStopped ? 0 : pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Listens until the connection ends. */
  private async listen(onReady: () => void): Promise<void> {
    const Client = await importClient();
    if (!Client) {
      this.isStopped = true;
      warnOfListening('the package pg is not installed');
      return;
    }
    const client = new Client({ connectionString: this.url, keepAlive: true });
    this.client = client;
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    client.on('error', () => {});
    try {
      await client.connect();
      client.unref();
      const isHeard = await this.subscribe(client, Client);
      if (!isHeard) {
        this.isStopped = true;
        warnOfListening('no notification came back: the URL may be that of a pooler');
        return;
      }
      onReady();
      await ended;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Subscribes, and notifies itself; whether that came back in time. */
  private async subscribe(client: PgClient, Client: Constructor): Promise<boolean> {
    const hello = `hello ${crypto.randomUUID()}`;
    let hear: (heard: boolean) => void = () => {};
    const answered = new Promise<boolean>((resolve) => {
      hear = resolve;
    });
    client.on('notification', ({ payload = '' }) => {
      if (payload === hello) {
        hear(true);
      } else if (!payload.startsWith('hello ')) {
        this.heard(...payload.split(' '));
      }
    });
    await client.query(`listen ${CHANNEL}`);
    // What changed while nobody listened is not known.
    this.heard();
    await this.notify(Client, hello);
    return Promise.race([answered, unreferencedPause(HELLO_MS).then(() => false)]);
  }

  /** On another connection: a pooler may lead both ways of the same one to one session of the server. */
  private async notify(Client: Constructor, payload: string): Promise<void> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select pg_catalog.pg_notify($1, $2)', [CHANNEL, payload]);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function importClient(): Promise<Constructor | undefined> {
  const pg = (await importPg?.()) as
    | { default?: { Client?: unknown }; Client?: unknown }
    | undefined;
  return (pg?.default?.Client ?? pg?.Client) as Constructor | undefined;
}

/** Keeps no process alive. */
function unreferencedPause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds);
    (timer as { unref?: () => void }).unref?.();
  });
}
