// The Next.js app in npm/admin: building it, seeding its users, running it.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { ROOT, run } from './run.mjs';
import { startServerProcess } from './server-process.mjs';

const APP = join(ROOT, 'npm/admin');
const PACKAGE = join(ROOT, 'npm/integrations');
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next');
const STAMP = join(APP, '.next/.source-hash');
const ENV = { NEXT_TELEMETRY_DISABLED: '1' };

/** Users of the demo: an admin and a plain member for each tenant. */
export const DEMO_USERS = ['rawdog', 'acme'].flatMap((tenantId) =>
  ['admin', 'member'].map((role) => ({ id: `${tenantId}-${role}`, tenantId, role })),
);

/** Builds the app where its sources, the npm package or the installed packages have changed. */
export async function buildAdminApp() {
  const hash = sourceHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) {
    return;
  }
  installPackage();
  await run(process.execPath, [NEXT, 'build', APP], { env: ENV });
  writeFileSync(STAMP, hash);
}

/**
 * Gives the app a copy of the npm package, as it would be installed: Next bundles a linked one and
 * does not heed that it is external, https://github.com/vercel/next.js/issues/84388
 */
function installPackage() {
  const target = join(APP, 'node_modules/@cgk-platform/integrations');
  rmSync(target, { recursive: true, force: true });
  cpSync(join(PACKAGE, 'package.json'), join(target, 'package.json'));
  cpSync(join(PACKAGE, 'dist'), join(target, 'dist'), { recursive: true });
}

function sourceHash() {
  const hash = createHash('sha256');
  const files = [
    join(ROOT, 'package-lock.json'),
    join(PACKAGE, 'package.json'),
    ...filesBelow(join(PACKAGE, 'dist')),
    ...filesBelow(APP),
  ];
  for (const file of files) {
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]} the files below it but those that building makes, in a fixed order
 */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['.next', 'node_modules', 'next-env.d.ts'].includes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/**
 * Adds the table of demo users, and those users that are missing.
 *
 * @param {{ query(sql: string, values?: unknown[]): Promise<unknown> }} pool of PostgreSQL
 */
export async function seedDemoUsers(pool) {
  await pool.query(
    'create table if not exists public.demo_users (id text primary key, tenant_id text not null, role text not null)',
  );
  for (const { id, tenantId, role } of DEMO_USERS) {
    await pool.query('insert into public.demo_users values ($1, $2, $3) on conflict do nothing', [
      id,
      tenantId,
      role,
    ]);
  }
}

/**
 * @typedef {object} AdminAppOptions
 * @property {string} databaseUrl
 * @property {string} encryptionKey
 * @property {string} sessionSecret of 32 or more characters
 * @property {Record<string, string>} [endpoints] where vendors are reached instead of their own
 * @property {Record<string, object>} [samples] inputs that the forms offer, by service
 * @property {number} [port] a free one unless given
 *
 * @typedef {import('./server-process.mjs').ServerProcess & { url: string }} AdminApp
 */

/**
 * Starts the app as built by `buildAdminApp`, on loopback, and waits until it answers.
 *
 * @param {AdminAppOptions} options
 * @returns {Promise<AdminApp>}
 */
export async function startAdminApp(options) {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess(
    'The admin app',
    [NEXT, 'start', APP, '--hostname', '127.0.0.1', '--port', String(port)],
    { url: `${url}/sign-in`, env: environment(options) },
  );
  return { url, ...server };
}

/**
 * @param {AdminAppOptions} options
 * @returns {NodeJS.ProcessEnv}
 */
function environment({ databaseUrl, encryptionKey, sessionSecret, endpoints, samples }) {
  return {
    ...process.env,
    ...ENV,
    NODE_ENV: 'production',
    POSTGRES_URL: databaseUrl,
    INTEGRATION_ENCRYPTION_KEY: encryptionKey,
    ADMIN_SESSION_SECRET: sessionSecret,
    INTEGRATION_ENDPOINTS: endpoints ? JSON.stringify(endpoints) : '',
    INTEGRATION_SAMPLES: samples ? JSON.stringify(samples) : '',
  };
}
