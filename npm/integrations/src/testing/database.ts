// A PostgreSQL in memory, which lives on a worker thread.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { integrationError } from '../errors.js';
import type { DatabaseDriver } from '../types.js';

export interface DatabaseRequest {
  id: number;
  sql: string;
  /** `null` for a script of several statements. */
  params: (string | null)[] | null;
}

export interface DatabaseReply {
  id: number;
  rows?: unknown[];
  error?: { code: string | undefined; message: string };
}

interface Waiting {
  resolve(rows: unknown[]): void;
  reject(error: unknown): void;
}

export class TestDatabase implements DatabaseDriver {
  readonly #worker = new Worker(join(__dirname, 'testing-database.js'));
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** Starts PGlite. Rejects with `PGLITE_MISSING` if it is not installed. */
  static async start(): Promise<TestDatabase> {
    const database = new TestDatabase();
    await database.query('select 1', []);
    return database;
  }

  private constructor() {
    // The thread does not keep a process alive that has nothing else to do.
    this.#worker.unref();
    this.#worker.on('message', (reply: DatabaseReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error));
  }

  query(sql: string, params: (string | null)[]): Promise<unknown[]> {
    return this.#send(sql, params);
  }

  /** Runs a script. */
  async execute(sql: string): Promise<void> {
    await this.#send(sql, null);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(sql: string, params: (string | null)[] | null): Promise<unknown[]> {
    this.#requests += 1;
    const id = this.#requests;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, sql, params } satisfies DatabaseRequest);
    });
  }

  #settle({ id, rows, error }: DatabaseReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      this.#worker.unref();
    }
    if (rows) {
      waiting?.resolve(rows);
    } else {
      waiting?.reject(Object.assign(new Error(error?.message), { code: error?.code }));
    }
  }

  #fail(error: Error): void {
    const reason = String(error.message).includes("'@electric-sql/pglite'")
      ? integrationError(
          'PGLITE_MISSING',
          '@cgk-platform/integrations/testing needs PGlite: run "npm install -D @electric-sql/pglite"',
        )
      : error;
    for (const { reject } of this.#waiting.values()) {
      reject(reason);
    }
    this.#waiting.clear();
  }
}
