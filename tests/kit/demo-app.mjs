// The demo, the Next.js app in npm/demo: its users, and running it as built.

import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { ROOT } from './root.mjs';
import { startServerProcess } from './server-process.mjs';

const DEMO = join(ROOT, 'npm/demo');
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next');

/** Users of the demo: an admin and a plain member for each tenant. */
export const DEMO_USERS = ['rawdog', 'acme'].flatMap((tenantId) =>
  ['admin', 'member'].map((role) => ({ id: `${tenantId}-${role}`, tenantId, role })),
);

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
 * @typedef {object} DemoAppOptions
 * @property {string} databaseUrl
 * @property {string} encryptionKey
 * @property {string} [previousEncryptionKey] only reads
 * @property {string} sessionSecret of 32 or more characters
 * @property {Record<string, string>} [endpoints] where vendors are reached instead of their own
 * @property {Record<string, object>} [samples] inputs that the forms offer, by service
 * @property {number} [port] a free one unless given
 * @property {boolean} [limitsRates] whether a tenant may change and verify only so often; it is unless `false`
 *
 * @typedef {import('./server-process.mjs').ServerProcess & { url: string }} DemoApp
 */

/**
 * Starts the app as built by `buildDemo`, on loopback, and waits until it answers.
 *
 * @param {DemoAppOptions} options
 * @returns {Promise<DemoApp>}
 */
export async function startDemoApp(options) {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess(
    'The demo',
    [NEXT, 'start', DEMO, '--hostname', '127.0.0.1', '--port', String(port)],
    { url: `${url}/sign-in`, env: environment(options) },
  );
  return { url, ...server };
}

/**
 * @param {DemoAppOptions} options
 * @returns {NodeJS.ProcessEnv}
 */
function environment(options) {
  const { databaseUrl, encryptionKey, previousEncryptionKey } = options;
  const { sessionSecret, endpoints, samples, limitsRates = true } = options;
  return {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
    POSTGRES_URL: databaseUrl,
    INTEGRATION_ENCRYPTION_KEY: encryptionKey,
    INTEGRATION_ENCRYPTION_KEY_PREVIOUS: previousEncryptionKey ?? '',
    ADMIN_SESSION_SECRET: sessionSecret,
    ADMIN_RATE_LIMITS: limitsRates ? '' : 'off',
    INTEGRATION_ENDPOINTS: endpoints ? JSON.stringify(endpoints) : '',
    INTEGRATION_SAMPLES: samples ? JSON.stringify(samples) : '',
  };
}
