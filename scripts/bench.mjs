// `npm run bench`: this package beside the legacy TypeScript package's way, in one run on one database.
//
// The legacy way reads with `pg` and decrypts with Node's `crypto`, synchronously. Its tokens are the
// ones that all sides read, so that nobody has seen them before.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import legacyCipher from '../tests/kit/legacy-cipher.cjs';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { coldStart } from './lib/cold-start.mjs';
import { runMain } from './lib/run.mjs';
import { StallClock } from './lib/stall-clock.mjs';

const { legacyDecrypt, legacyEncrypt } = legacyCipher;
const ROUNDS = 30;
const COLD_ROUNDS = 15;
const KEY = randomBytes(32).toString('base64');
/**
 * @typedef {object} Side what is measured of the legacy way and of each backend
 * @property {(tenant: string) => Promise<unknown>} read one Stripe key
 * @property {(token: string) => Promise<unknown>} decrypt
 * @property {(tenant: string) => Promise<unknown>} save one Stripe key
 * @property {(tenant: string) => Promise<unknown>} readAll the secrets of all services
 */

/** @typedef {{ median: number, stall?: number }} Measurement in milliseconds */

await runMain(async () => {
  await build();
  const { startPostgres } = await import('../tests/kit/postgres.mjs');
  const folder = temporaryFolder('cgk-bench');
  const server = await startPostgres({
    directory: join(folder, 'data'),
    isNew: true,
    persistent: false,
  });
  try {
    await bench(server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** @param {string} databaseUrl */
async function bench(databaseUrl) {
  const native = await import('@cgk-platform/integrations/native');
  const wasm = await import('@cgk-platform/integrations/wasm');
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: databaseUrl });
  // `end()` resolves before the idle clients are gone; the server may stop first.
  pool.on('error', () => {});
  // For both: the addon takes the URL, WebAssembly the driver.
  native.configureIntegrations({ databaseUrl, driver: wasm.pgDriver(pool), encryptionKey: KEY });
  const services = Object.keys(native.SERVICE_DISPLAY_NAMES);
  /** @type {[string, Side][]} */
  const sides = [
    ['legacy', legacySide(pool, services)],
    ['native', vaultSide(native)],
    ['wasm', vaultSide(wasm)],
  ];
  try {
    console.log(
      `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${ROUNDS} rounds, medians`,
    );
    console.log('"held" is the longest that the event loop stood still in any round\n');
    printRow(['', ...sides.flatMap(([name]) => [name, 'ratio', 'held'])]);
    const tenants = await prepare(native, pool, services);
    await measure('first read of a key (query, derive, decrypt)', sides, ROUNDS, (side, round) =>
      side.read(tenants[round] ?? ''),
    );
    await measure('repeated read of a key (query, decrypt)', sides, ROUNDS, (side) =>
      side.read(tenants[0] ?? ''),
    );
    const tokens = Array.from({ length: ROUNDS }, () => legacyEncrypt('sk_test_bench', KEY));
    await measure('first decrypt', sides, ROUNDS, (side, round) =>
      side.decrypt(tokens[round] ?? ''),
    );
    await measure('repeated decrypt', sides, ROUNDS * 10, (side) => side.decrypt(tokens[0] ?? ''));
    await measure('save a key', sides, ROUNDS, (side, round) => side.save(tenants[round] ?? ''));
    measureColdStarts();
    const fresh = await prepare(native, pool, services);
    await measure('all services, cold', sides, ROUNDS, (side, round) =>
      side.readAll(fresh[round] ?? ''),
    );
  } finally {
    await native.closeIntegrations();
    await pool.end();
  }
}

/** Fresh processes, in turns. Whether the files are in the system's cache makes the difference here. */
function measureColdStarts() {
  const names = /** @type {const} */ (['legacy', 'native', 'wasm']);
  const token = legacyEncrypt('sk_test_bench', KEY);
  /** @type {Record<string, import('./lib/cold-start.mjs').ColdStart[]>} */
  const starts = { legacy: [], native: [], wasm: [] };
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    for (const name of names) {
      starts[name]?.push(coldStart(name, token, KEY));
    }
  }
  /** @type {[string, (start: import('./lib/cold-start.mjs').ColdStart) => number][]} */
  const rows = [
    [
      'fresh process: until the first decrypt',
      ({ load, ready, decrypt }) => load + ready + decrypt,
    ],
    ['  of it: loading the code', ({ load }) => load],
    ['  of it: addon loaded, module instantiated', ({ ready }) => ready],
  ];
  for (const [title, part] of rows) {
    printResults(
      title,
      names.map((name) => ({ median: median((starts[name] ?? []).map(part)) })),
    );
  }
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Tenants with all services, encrypted in the legacy way.
 *
 * @param {typeof import('@cgk-platform/integrations')} native
 * @param {import('pg').Pool} pool
 * @param {string[]} services that share a table
 */
async function prepare(native, pool, services) {
  const tenants = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const tenant = `bench_${randomBytes(6).toString('hex')}`;
    await native.createTenant(tenant);
    const schema = `tenant_${tenant}`;
    const token = () => legacyEncrypt('sk_test_bench', KEY);
    await pool.query(
      `insert into ${schema}.tenant_stripe_config (tenant_id, secret_key_encrypted) values ($1, $2)`,
      [tenant, token()],
    );
    for (const table of ['tenant_resend_config', 'tenant_wise_config']) {
      await pool.query(
        `insert into ${schema}.${table} (tenant_id, api_key_encrypted) values ($1, $2)`,
        [tenant, token()],
      );
    }
    for (const service of services) {
      await pool.query(
        `insert into ${schema}.tenant_api_credentials (tenant_id, service_name, api_key_encrypted) values ($1, $2, $3)`,
        [tenant, service, token()],
      );
    }
    tenants.push(tenant);
  }
  return tenants;
}

/**
 * @param {import('pg').Pool} pool
 * @param {string[]} services that share a table
 * @returns {Side}
 */
function legacySide(pool, services) {
  /** @type {(sql: string, params: string[]) => Promise<string>} */
  const readToken = async (sql, params) => {
    const { rows } = await pool.query(sql, params);
    return legacyDecrypt(rows[0].token, KEY);
  };
  /** @type {(tenant: string, table: string, column: string) => Promise<string>} */
  const readConfig = (tenant, table, column) =>
    readToken(
      `select ${column} as token from tenant_${tenant}.${table} where tenant_id = $1 and is_active`,
      [tenant],
    );
  return {
    read: (tenant) => readConfig(tenant, 'tenant_stripe_config', 'secret_key_encrypted'),
    decrypt: async (token) => legacyDecrypt(token, KEY),
    save: (tenant) =>
      pool.query(
        `insert into tenant_${tenant}.tenant_stripe_config (tenant_id, secret_key_encrypted) values ($1, $2)
         on conflict (tenant_id) do update set secret_key_encrypted = excluded.secret_key_encrypted returning *`,
        [tenant, legacyEncrypt('sk_test_bench', KEY)],
      ),
    readAll: (tenant) =>
      Promise.all([
        readConfig(tenant, 'tenant_stripe_config', 'secret_key_encrypted'),
        readConfig(tenant, 'tenant_resend_config', 'api_key_encrypted'),
        readConfig(tenant, 'tenant_wise_config', 'api_key_encrypted'),
        ...services.map((service) =>
          readToken(
            `select api_key_encrypted as token from tenant_${tenant}.tenant_api_credentials
             where tenant_id = $1 and service_name = $2 and is_active`,
            [tenant, service],
          ),
        ),
      ]),
  };
}

/**
 * @param {typeof import('@cgk-platform/integrations')} vault
 * @returns {Side}
 */
function vaultSide(vault) {
  return {
    read: (tenant) => vault.getTenantStripeSecretKey(tenant),
    decrypt: (token) => vault.decryptToken(token, KEY),
    save: (tenant) => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_bench' }),
    readAll: (tenant) =>
      Promise.all([
        vault.getTenantStripeSecretKey(tenant),
        vault.getTenantResendApiKey(tenant),
        vault.getTenantWiseApiKey(tenant),
        ...Object.keys(vault.SERVICE_DISPLAY_NAMES).map((service) =>
          vault.getTenantApiKey(
            tenant,
            /** @type {import('@cgk-platform/integrations').TenantApiService} */ (service),
          ),
        ),
      ]),
  };
}

/**
 * Measures one operation on every side and prints a row.
 *
 * @param {string} title
 * @param {[string, Side][]} sides
 * @param {number} rounds
 * @param {(side: Side, round: number) => Promise<unknown>} operation
 */
async function measure(title, sides, rounds, operation) {
  /** @type {Measurement[]} */
  const results = [];
  for (const [, side] of sides) {
    /** @type {number[]} */
    const times = [];
    const clock = new StallClock();
    for (let round = 0; round < rounds; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      clock.start();
      const start = performance.now();
      await operation(side, round);
      times.push(performance.now() - start);
      clock.stop();
    }
    results.push({ median: median(times), stall: clock.longest });
  }
  printResults(title, results);
}

/**
 * Prints a row: each side's median, and how it compares with the first one's.
 *
 * @param {string} title
 * @param {Measurement[]} results
 */
function printResults(title, results) {
  const reference = results[0]?.median ?? 0;
  printRow([
    title,
    ...results.flatMap(({ median, stall }) => [
      format(median),
      `${(reference / median).toFixed(1)}×`,
      stall === undefined ? '-' : format(stall),
    ]),
  ]);
}

/** @param {number} milliseconds */
function format(milliseconds) {
  return milliseconds < 0.1
    ? `${(milliseconds * 1000).toFixed(1)} µs`
    : `${milliseconds.toFixed(2)} ms`;
}

/** @param {string[]} cells */
function printRow([title = '', ...cells]) {
  console.log(title.padEnd(46) + cells.map((cell) => cell.padStart(11)).join(''));
}
