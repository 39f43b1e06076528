// `npm run bench:scale -- --tenants N`: what N tenants cost one server, a schema each.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { runMain } from './lib/run.mjs';

/** @import { Integrations } from '@cgk-platform/integrations/native' */
/** @import { Client } from 'pg' */

const ENCRYPTION_KEY = 'bench-scale-master-key-0123456789abcdef0';
const APPLICATION = 'bench-scale';
/** Calls that a median is made of, each for another tenant. */
const CALLS = 500;
const CREATED_AT_A_TIME = 4;

await runMain(async () => {
  const { tenants: text = '100' } = parseArgs({ options: { tenants: { type: 'string' } } }).values;
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new Error('--tenants must be a positive whole number');
  }
  await build();
  const { startPostgres } = await import('../tests/kit/postgres.mjs');
  const directory = join(temporaryFolder('bench-scale'), 'data');
  const server = await startPostgres({ directory, isNew: true, persistent: false });
  try {
    await measure(server.url, Number(text));
  } finally {
    await server.stop();
  }
});

/**
 * @param {string} url
 * @param {number} count
 */
async function measure(url, count) {
  const { createIntegrations } = await import('@cgk-platform/integrations/native');
  const { default: pg } = await import('pg');
  const observer = new pg.Client({ connectionString: url });
  await observer.connect();
  const named = new URL(url);
  named.searchParams.set('application_name', APPLICATION);
  const settings = { encryptionKey: ENCRYPTION_KEY, databaseUrl: named.href };
  const vault = createIntegrations(settings);
  const tenants = Array.from({ length: count }, (_, index) => `t${index}`);
  const some = tenants.filter((_, index) => index % Math.ceil(count / CALLS) === 0);

  console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  console.log(
    `${count} tenants, a schema each; medians of ${some.length} tenants, one call at a time\n`,
  );
  const created = await seconds(() => createAll(vault, tenants));
  row('create', `${Math.round(count / created)} tenants a second`);
  row(
    'migrate --all, nothing to do',
    `${(await seconds(() => vault.migrateTenants())).toFixed(2)} s`,
  );
  const save = (/** @type {string} */ tenant) =>
    vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_bench' });
  row('save', await median(some, save));
  row('get', await median(some, (tenant) => vault.getTenantStripeConfig(tenant)));
  row('get, again', await median(some, (tenant) => vault.getTenantStripeConfig(tenant)));
  row('statuses', await median(some, (tenant) => vault.getTenantCredentialStatuses(tenant)));
  await vault.close();
  await printCosts(observer, count, () => readOnOneConnection(settings, tenants, observer));
  await observer.end();
}

/**
 * @param {Client} observer
 * @param {number} count of tenants
 * @param {() => Promise<number | undefined>} memory of a connection, in bytes
 */
async function printCosts(observer, count, memory) {
  const { rows } = await observer.query(
    `select pg_database_size(current_database())::float8 as disk, count(*)::int as relations
     from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where n.nspname like 'tenant\\_%'`,
  );
  const [{ disk, relations }] = rows;
  row('disk', `${kilobytes(disk / count)} and ${Math.round(relations / count)} relations a tenant`);
  const bytes = await memory();
  row(
    "server's memory of one connection that read them all",
    bytes === undefined ? 'not known here' : `${kilobytes(bytes / count)} a tenant`,
  );
}

/**
 * @param {Integrations} vault
 * @param {string[]} tenants
 */
async function createAll(vault, tenants) {
  const waiting = [...tenants];
  const worker = async () => {
    for (let tenant = waiting.shift(); tenant !== undefined; tenant = waiting.shift()) {
      await vault.createTenant(tenant);
    }
  };
  await Promise.all(Array.from({ length: CREATED_AT_A_TIME }, worker));
}

/**
 * @param {{ encryptionKey: string, databaseUrl: string }} settings
 * @param {string[]} tenants
 * @param {Client} observer
 * @returns {Promise<number | undefined>} the growth of the connection's process, in bytes
 */
async function readOnOneConnection(settings, tenants, observer) {
  const { createIntegrations } = await import('@cgk-platform/integrations/native');
  const vault = createIntegrations({ ...settings, maxConnections: 1 });
  try {
    await vault.getTenantCredentialStatuses(tenants[0] ?? '');
    const before = await memoryOf(observer);
    for (const tenant of tenants) {
      await vault.getTenantCredentialStatuses(tenant);
    }
    const after = await memoryOf(observer);
    return before === undefined || after === undefined ? undefined : after - before;
  } finally {
    await vault.close();
  }
}

/**
 * @param {Client} observer
 * @returns {Promise<number | undefined>} bytes that the server's process has to itself
 */
async function memoryOf(observer) {
  const { rows } = await observer.query(
    'select pid from pg_stat_activity where application_name = $1',
    [APPLICATION],
  );
  try {
    const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8');
    const found = /^RssAnon:\s+(\d+) kB$/m.exec(status);
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** @param {() => Promise<unknown>} work */
async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * @param {string[]} tenants
 * @param {(tenant: string) => Promise<unknown>} call
 * @returns {Promise<string>}
 */
async function median(tenants, call) {
  const times = [];
  for (const tenant of tenants) {
    times.push((await seconds(() => call(tenant))) * 1000);
  }
  times.sort((a, b) => a - b);
  return `${(times[Math.floor(times.length / 2)] ?? 0).toFixed(2)} ms`;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.round(bytes / 1024)} kB`;
}

/**
 * @param {string} title
 * @param {string} figure
 */
function row(title, figure) {
  console.log(`${title.padEnd(55)} ${figure}`);
}
