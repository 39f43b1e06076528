// `npm run bench`, with `-- --json` as JSON after the table, with `-- --short` only to see that it runs: this package beside the legacy TypeScript package's way, in one run on one database.
//
// The legacy way reads with `pg` and decrypts with Node's `crypto`, synchronously. Its tokens are the
// ones that all sides read, so that nobody has seen them before.

import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import legacyCipher from '../tests/kit/legacy-cipher.cjs';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { benchEvents } from './lib/bench-events.mjs';
import { rounds } from './lib/bench-rounds.mjs';
import { benchShares } from './lib/bench-shares.mjs';
import { KEY, legacySide, prepareTenants, vaultSide } from './lib/bench-sides.mjs';
import { measure, measurements, median, printResults, printRow } from './lib/bench-table.mjs';
import { benchV2 } from './lib/bench-v2.mjs';
import { coldStart } from './lib/cold-start.mjs';
import { read, runMain } from './lib/run.mjs';

const { legacyEncrypt } = legacyCipher;
const ROUNDS = rounds(30);
const COLD_ROUNDS = rounds(15);
const KERNELS = ['run', '--release', '--quiet', '-p', 'cgk-derive', '--example', 'kernels'];

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
  /** @type {[string, import('./lib/bench-sides.mjs').Side][]} */
  const sides = [
    ['legacy', legacySide(pool, services)],
    ['native', vaultSide(native, services)],
    ['wasm', vaultSide(wasm, services)],
  ];
  try {
    console.log(
      `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${ROUNDS} rounds, medians`,
    );
    const kernels = await read('cargo', KERNELS);
    console.log(`\nKeys of v1 by each kernel of this processor:\n${kernels ?? 'not measured'}\n`);
    console.log(
      'The ratio is to the legacy way, in brackets that of the middle half of the rounds;',
    );
    console.log(
      '"held" is the longest that the event loop was held in any round, in time that its thread ran\n',
    );
    printRow(['', ...sides.flatMap(([name]) => [name, 'ratio', 'held'])]);
    const tenants = await prepareTenants(native, pool, services, ROUNDS + 1);
    await measure('first call of the process: a read of a key', sides, 1, (side) =>
      side.read(tenants[ROUNDS] ?? ''),
    );
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
    const fresh = await prepareTenants(native, pool, services, ROUNDS);
    await measure('all services, cold', sides, ROUNDS, (side, round) =>
      side.readAll(fresh[round] ?? ''),
    );
    await benchV2({ native, wasm, pool, services, databaseUrl });
    await benchEvents({ native, databaseUrl });
    await benchShares(native, pool);
    if (process.argv.includes('--json')) {
      const { version, arch } = process;
      const machine = { node: version, arch, cpu: cpus()[0]?.model, cores: cpus().length };
      console.log(JSON.stringify({ machine, kernels, rows: measurements() }));
    }
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
