// `npm start`: the main job, for real, on an embedded PostgreSQL; then the demo app, until Ctrl-C.
// `--sandbox` fakes the vendors on this computer, `--demo` leaves the demo app out.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { localKeys } from './lib/env-file.mjs';
import { ROOT, runMain, step } from './lib/run.mjs';

const DATA = join(ROOT, '.data/postgres');
const PORT = 3000;

await runMain(async () => {
  const { sandbox = false, demo = false } = readArguments();
  await build();
  const { startPostgres } = await import('../tests/kit/postgres.mjs');
  const server = await step('Starting the embedded PostgreSQL (data in .data/)', () =>
    startPostgres({
      directory: DATA,
      isNew: !existsSync(join(DATA, 'PG_VERSION')),
      persistent: true,
    }),
  );
  try {
    const keys = localKeys();
    await prepare(server.url, keys);
    if (!demo) {
      await serve(server.url, keys, sandbox);
    }
  } finally {
    await server.stop();
  }
});

function readArguments() {
  const { values } = parseArgs({
    options: { sandbox: { type: 'boolean' }, demo: { type: 'boolean' } },
  });
  return values;
}

/**
 * Does the main job and adds the users of the demo.
 *
 * @param {string} databaseUrl
 * @param {Record<string, string>} keys
 */
async function prepare(databaseUrl, keys) {
  const { demonstrate } = await import('./lib/demonstration.mjs');
  const { seedDemoUsers } = await import('../tests/kit/demo-app.mjs');
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: databaseUrl });
  // `end()` resolves before the idle clients are gone; the server may stop first.
  pool.on('error', () => {});
  try {
    await demonstrate(databaseUrl, pool, keys.INTEGRATION_ENCRYPTION_KEY ?? '');
    await seedDemoUsers(pool);
  } finally {
    await pool.end();
  }
}

/**
 * Runs the demo app until the user stops it.
 *
 * @param {string} databaseUrl
 * @param {Record<string, string>} keys
 * @param {boolean} withSandbox
 */
async function serve(databaseUrl, keys, withSandbox) {
  const { buildDemo } = await import('./lib/demo-build.mjs');
  const { DEMO_USERS, startDemoApp } = await import('../tests/kit/demo-app.mjs');
  const { freePort } = await import('../tests/kit/free-port.mjs');
  const { startSandbox } = await import('../tests/kit/sandbox.mjs');
  const stopped = untilStopped();
  await step('Building the demo', buildDemo);
  const sandbox = withSandbox ? await startSandbox() : undefined;
  try {
    const app = await step('Starting the demo', async () =>
      startDemoApp({
        databaseUrl,
        encryptionKey: keys.INTEGRATION_ENCRYPTION_KEY ?? '',
        sessionSecret: keys.ADMIN_SESSION_SECRET ?? '',
        port: await freePort(PORT),
        ...(sandbox && { endpoints: sandbox.endpoints, samples: sandbox.samples }),
      }),
    );
    console.log(announcement(app.url, DEMO_USERS, withSandbox));
    await Promise.race([stopped, app.ended]);
    console.log('\n▸ Stopping');
    await app.stop();
  } finally {
    await sandbox?.close();
  }
}

/** Resolves when the user or the system asks the process to end. */
function untilStopped() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, resolve);
    }
  });
}

/**
 * @param {string} url
 * @param {{ role: string, tenantId: string }[]} users
 * @param {boolean} withSandbox
 */
function announcement(url, users, withSandbox) {
  const names = users.map(({ role, tenantId }) => `${role} of ${tenantId}`).join(', ');
  const vendors = withSandbox
    ? 'Fake vendors answer on this computer: the forms offer keys that they accept.'
    : 'Vendors are asked for real. "npm start -- --sandbox" fakes them on this computer.';
  return `
▸ Open ${url}
  Sign in as ${names}.
  ${vendors}

  The credentials stay in .data/, their keys in .env.local. Remove both to start anew.
  Ctrl-C stops everything.`;
}
