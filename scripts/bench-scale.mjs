// `npm run bench:scale -- --tenants N`: what N tenants cost one server, a schema each and in tables that they share;
// with `--partitions P`, also where these have P hash partitions.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { partitioningSql } from '../tests/kit/partitions.mjs';
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
  const { values } = parseArgs({
    options: { tenants: { type: 'string', default: '100' }, partitions: { type: 'string' } },
  });
  const tenants = positive('tenants', values.tenants);
  const partitions = values.partitions && positive('partitions', values.partitions);
  await build();
  const { startPostgres } = await import('../tests/kit/postgres.mjs');
  const directory = join(temporaryFolder('bench-scale'), 'data');
  const server = await startPostgres({ directory, isNew: true, persistent: false });
  try {
    await measure(server.url, tenants, partitions || undefined);
  } finally {
    await server.stop();
  }
});

/**
 * @param {string} name
 * @param {string} text
 */
function positive(name, text) {
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new Error(`--${name} must be a positive whole number`);
  }
  return Number(text);
}

/**
 * One layout of tenants, in a database of its own.
 *
 * @typedef {object} Side
 * @property {Settings} settings
 * @property {Integrations} vault
 * @property {Client} observer
 * @property {Size} empty how big the database was without tenants
 */

/** @typedef {{ encryptionKey: string, databaseUrl: string, layout: 'schema' | 'shared' }} Settings */

/** @typedef {{ bytes: number, relations: number }} Size */

/**
 * @param {string} url
 * @param {number} count
 * @param {number | undefined} partitions
 */
async function measure(url, count, partitions) {
  const sides = [await open(url, 'schema'), await open(url, 'shared')];
  const titles = ['a schema each', 'shared tables'];
  if (partitions !== undefined) {
    sides.push(await open(url, 'shared', partitions));
    titles.push(`${partitions} partitions`);
  }
  const tenants = Array.from({ length: count }, (_, index) => `t${index}`);
  const some = tenants.filter((_, index) => index % Math.ceil(count / CALLS) === 0);

  console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  console.log(
    `${count} tenants; medians of ${some.length} tenants, one call at a time, in turns\n`,
  );
  row('', titles);
  row(
    'create',
    await each(sides, async ({ vault }) => {
      const created = await seconds(() => createAll(vault, tenants));
      return `${Math.round(count / created)} a second`;
    }),
  );
  row(
    'migrate --all, nothing to do',
    await each(sides, async ({ vault }) => {
      return `${(await seconds(() => vault.migrateTenants())).toFixed(2)} s`;
    }),
  );
  /** @type {[string, (vault: Integrations, tenant: string) => Promise<unknown>][]} */
  const calls = [
    ['save', (vault, tenant) => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_b' })],
    ['get', (vault, tenant) => vault.getTenantStripeConfig(tenant)],
    ['get, again', (vault, tenant) => vault.getTenantStripeConfig(tenant)],
    ['statuses', (vault, tenant) => vault.getTenantCredentialStatuses(tenant)],
  ];
  for (const [title, call] of calls) {
    row(title, await medians(sides, some, call));
  }
  await each(sides, ({ vault }) => vault.close());
  await printCosts(sides, tenants);
  await each(sides, ({ observer }) => observer.end());
}

/**
 * @param {string} url
 * @param {'schema' | 'shared'} layout
 * @param {number} [partitions] none without them
 * @returns {Promise<Side>}
 */
async function open(url, layout, partitions) {
  const { createIntegrations } = await import('@cgk-platform/integrations/native');
  const { default: pg } = await import('pg');
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  const name = partitions === undefined ? `layout_${layout}` : 'layout_partitioned';
  await server.query(`create database ${name}`);
  await server.end();
  const own = Object.assign(new URL(url), { pathname: `/${name}` });
  const observer = new pg.Client({ connectionString: own.href });
  await observer.connect();
  own.searchParams.set('application_name', APPLICATION);
  const settings = { encryptionKey: ENCRYPTION_KEY, databaseUrl: own.href, layout };
  const vault = createIntegrations(settings);
  if (partitions !== undefined) {
    await vault.migrateTenants();
    await observer.query(partitioningSql({ partitions }));
    await vault.migrateTenants();
  }
  return { settings, vault, observer, empty: await sizeOf(observer) };
}

/**
 * @param {Side[]} sides
 * @param {string[]} tenants
 */
async function printCosts(sides, tenants) {
  const { length: count } = tenants;
  const sizes = await each(sides, async ({ observer, empty }) => {
    const { bytes, relations } = await sizeOf(observer);
    return [
      `${kilobytes((bytes - empty.bytes) / count)} a tenant`,
      `${((relations - empty.relations) / count).toFixed(1)} a tenant`,
    ];
  });
  row(
    'disk',
    sizes.map(([disk]) => disk ?? ''),
  );
  row(
    'relations',
    sizes.map(([, relations]) => relations ?? ''),
  );
  row(
    "server's memory of one connection that read them all",
    await each(sides, async ({ settings, observer }) => {
      const bytes = await readOnOneConnection(settings, tenants, observer);
      return bytes === undefined ? 'not known here' : `${kilobytes(bytes / count)} a tenant`;
    }),
  );
}

/**
 * @param {Client} observer
 * @returns {Promise<Size>}
 */
async function sizeOf(observer) {
  const { rows } = await observer.query(
    'select pg_database_size(current_database())::float8 as bytes, count(*)::int as relations from pg_class',
  );
  return rows[0];
}

/**
 * @template T
 * @param {Side[]} sides
 * @param {(side: Side) => Promise<T>} work
 * @returns {Promise<T[]>}
 */
async function each(sides, work) {
  const results = [];
  for (const side of sides) {
    results.push(await work(side));
  }
  return results;
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
 * @param {Settings} settings
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
    // The side before may still be leaving.
    'select pid from pg_stat_activity where application_name = $1 order by backend_start desc limit 1',
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
 * @param {Side[]} sides
 * @param {string[]} tenants
 * @param {(vault: Integrations, tenant: string) => Promise<unknown>} call
 * @returns {Promise<string[]>} for each side
 */
async function medians(sides, tenants, call) {
  /** @type {number[][]} */
  const times = sides.map(() => []);
  for (const tenant of tenants) {
    for (const [index, { vault }] of sides.entries()) {
      times[index]?.push((await seconds(() => call(vault, tenant))) * 1000);
    }
  }
  return times.map((times) => {
    times.sort((a, b) => a - b);
    return `${(times[Math.floor(times.length / 2)] ?? 0).toFixed(2)} ms`;
  });
}

/** @param {number} bytes */
function kilobytes(bytes) {
  const size = bytes / 1024;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} kB`;
}

/**
 * @param {string} title
 * @param {string[]} figures
 */
function row(title, figures) {
  console.log(`${title.padEnd(55)}${figures.map((figure) => figure.padStart(20)).join('')}`);
}
