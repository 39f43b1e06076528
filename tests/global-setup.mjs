// One PostgreSQL server for the whole run.

import { basename, join } from 'node:path';
import { builtPlatforms } from '../scripts/lib/platforms.mjs';
import { pack } from '../scripts/pack.mjs';
import { buildContractScript } from './kit/edge-script.mjs';
import { startTestServer } from './kit/server.mjs';
import { temporaryFolder } from './kit/temporary.cjs';

export default async function globalSetup() {
  const folder = temporaryFolder('cgk-tests');
  process.env.TEST_TEMPORARY_FOLDER = folder;
  process.env.TEST_EDGE_SCRIPT = join(folder, 'edge-vault.js');
  await buildContractScript(process.env.TEST_EDGE_SCRIPT);
  process.env.TEST_TARBALLS = JSON.stringify(await packAll(join(folder, 'packages')));
  const server = await startTestServer();
  Object.assign(globalThis, { testRun: { folder, server } });
  process.env.TEST_DATABASE_URL = server.url;
  // The tests configure the vault themselves; nothing may come from the developer's shell.
  for (const name of ['POSTGRES_URL', 'DATABASE_URL', 'INTEGRATION_ENCRYPTION_KEY']) {
    delete process.env[name];
  }
}

/**
 * @param {string} destination
 * @returns {Promise<Record<string, string>>} the tarballs by the name of the package
 */
async function packAll(destination) {
  const tarballs = await pack({ destination, platforms: builtPlatforms() });
  const named = tarballs.map((path) => [
    basename(path).replace(/^cgk-platform-(.*?)-\d+\..*$/, '@cgk-platform/$1'),
    path,
  ]);
  return Object.fromEntries(named);
}
