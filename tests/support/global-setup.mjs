// One PostgreSQL server for the whole run.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

export default async function globalSetup() {
  const directory = join(mkdtempSync(join(tmpdir(), 'cgk-tests-')), 'data');
  const server = await startPostgres({ directory, isNew: true, persistent: false });
  globalThis.testServer = server;
  process.env.TEST_DATABASE_URL = server.url;
  // The tests configure the vault themselves; nothing may come from the developer's shell.
  for (const name of ['POSTGRES_URL', 'DATABASE_URL', 'INTEGRATION_ENCRYPTION_KEY']) {
    delete process.env[name];
  }
}
