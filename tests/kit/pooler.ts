// A real PgBouncer in transaction mode in front of the test server.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import pg from 'pg';
import { databaseUrl } from './database';
import { temporaryFolder } from './temporary.cjs';

/** Fewer than the clients have. */
export const SERVER_CONNECTIONS = 4;

const installed = spawnSync('pgbouncer', ['--version']).status === 0;
if (!installed && process.env.CI) {
  throw new Error('PgBouncer is not installed: apt-get install pgbouncer');
}

/** `describe`, skipped where PgBouncer is missing; the names of such tests should say so. */
export const describeWithPooler = installed ? describe : describe.skip;

export interface Pooler {
  /** Of the database, through PgBouncer. */
  url: string;
  stop(): void;
}

export async function startPooler(databaseOnServer = databaseUrl()): Promise<Pooler> {
  const { freePort } = await import('./free-port.mjs');
  const port = await freePort();
  const target = new URL(databaseOnServer);
  const folder = temporaryFolder('pgbouncer');
  chmodSync(folder, 0o755);
  const users = join(folder, 'users.txt');
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"${target.username}" "${target.password}"\n`);
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 200
`,
  );
  // PgBouncer refuses to run as root.
  const user = process.getuid?.() === 0 ? ['--user', 'postgres'] : [];
  const child = spawn('pgbouncer', [...user, settings], { stdio: 'ignore' });
  target.port = String(port);
  await waitUntilReady(target.href);
  return { url: target.href, stop: () => child.kill() };
}

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PgBouncer did not start');
}
