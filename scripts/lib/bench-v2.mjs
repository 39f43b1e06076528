// Token format v2 and changes of keys, beside the legacy way, which has neither: it reads and writes v1, and
// changes keys by decrypting, encrypting and updating one value after the other.

import { randomBytes } from 'node:crypto';
import legacyCipher from '../../tests/kit/legacy-cipher.cjs';
import { rounds } from './bench-rounds.mjs';
import { KEY, legacySide, prepareTenants, vaultSide } from './bench-sides.mjs';
import { format, measure, median, printResults, printRow } from './bench-table.mjs';

const { legacyDecrypt, legacyEncrypt } = legacyCipher;
const ROUNDS = rounds(30);
const CALLS = 10;
/** Calls before tokens are measured: V8 compiles what is called often a second time, and better. */
const WARM_UP = rounds(3000);
/** First reads take tenths of a millisecond, so that few say little. */
const READS = rounds(100);
const ROTATIONS = rounds(5);
const TENANTS_OF_A_ROTATION = 4;
/** Rotations of v2 that count as one: each alone takes some milliseconds. */
const REPEATED = rounds(6);
const NEXT_KEY = randomBytes(32).toString('base64');
const PLACE = { tenantId: 'acme', service: 'stripe', field: 'secretKey' };
const PLAINTEXT = 'sk_test_bench';
const SEALING = /** @type {const} */ ({ format: 'v2', ...PLACE });

/**
 * @typedef {object} Benched
 * @property {typeof import('@cgk-platform/integrations')} native
 * @property {typeof import('@cgk-platform/integrations')} wasm
 * @property {import('pg').Pool} pool
 * @property {string[]} services that share a table
 * @property {string} databaseUrl
 */

/** @typedef {import('@cgk-platform/integrations').Integrations} Vault */

/**
 * @typedef {import('./bench-sides.mjs').Side & {
 *   tenants: string[],
 *   exists: (tenant: string) => Promise<unknown>,
 * }} ReadingSide `exists` asks for the row and decrypts nothing
 */

/** @param {Benched} benched */
export async function benchV2(benched) {
  const { native, wasm } = benched;
  await benchTokens([
    ['legacy', undefined],
    ['native', native],
    ['wasm', wasm],
  ]);
  await benchReads(benched);
  await benchRotations(benched);
}

/** @param {[string, typeof import('@cgk-platform/integrations') | undefined][]} sides */
async function benchTokens(sides) {
  const count = ROUNDS * CALLS;
  const v1 = Array.from({ length: count }, () => legacyEncrypt(PLAINTEXT, KEY));
  for (const [, vault] of sides) {
    if (vault) {
      await warmUp(vault);
    }
  }
  const seal = () => sides[1]?.[1]?.encryptToken(PLAINTEXT, KEY, SEALING) ?? '';
  const v2 = await Promise.all(Array.from({ length: count }, seal));
  await measure(
    'v2: first decrypt (legacy: of v1)',
    sides,
    ROUNDS,
    async (vault, call) =>
      vault ? vault.decryptToken(v2[call] ?? '', KEY, PLACE) : legacyDecrypt(v1[call] ?? '', KEY),
    CALLS,
  );
  await measure(
    'v2: encrypt (legacy: v1)',
    sides,
    ROUNDS,
    async (vault) =>
      vault ? vault.encryptToken(PLAINTEXT, KEY, SEALING) : legacyEncrypt(PLAINTEXT, KEY),
    CALLS,
  );
}

/** @param {typeof import('@cgk-platform/integrations')} vault */
async function warmUp(vault) {
  for (let call = 0; call < WARM_UP; call += 1) {
    await vault.decryptToken(await vault.encryptToken(PLAINTEXT, KEY, SEALING), KEY, PLACE);
  }
}

/** @param {Benched} benched */
async function benchReads(benched) {
  const { native, pool, services } = benched;
  const v1 = await prepareTenants(native, pool, [], READS);
  const v2 = await prepareTenants(native, pool, [], READS);
  const rotating = open(benched, 'native', KEY, []);
  await rotating.rotateEncryptionKeys({ tenants: v2, tokenFormat: 'v2' });
  const vaults = /** @type {const} */ (['native', 'wasm']).map((backend) =>
    open(benched, backend, KEY, []),
  );
  /** @type {ReadingSide} */
  const legacy = { ...legacySide(pool, services), tenants: v1, exists: async () => {} };
  /** @type {(vault: Vault) => ReadingSide} */
  const sideOf = (vault) => ({
    ...vaultSide(vault, services),
    tenants: v2,
    exists: (tenant) => vault.hasTenantStripeConfig(tenant),
  });
  const sides = [legacy, ...vaults.map(sideOf)].map(
    (side) => /** @type {[string, ReadingSide]} */ (['', side]),
  );
  await measureReads(pool, sides);
  // Others than those that were read, so that the keys of these tenants are new, too.
  const fresh = await prepareTenants(native, pool, services, 2 * ROUNDS);
  await rotating.rotateEncryptionKeys({ tenants: fresh.slice(ROUNDS), tokenFormat: 'v2' });
  await measure('v2: all services, cold (legacy: v1)', sides, ROUNDS, (side, round) =>
    side.readAll(fresh[side === legacy ? round : ROUNDS + round] ?? ''),
  );
  await Promise.all([rotating, ...vaults].map((vault) => vault.close()));
}

/**
 * First reads, each right after a round trip alone: the same row, asked for by `pg`.
 *
 * @param {import('pg').Pool} pool
 * @param {[string, ReadingSide][]} sides
 */
async function measureReads(pool, sides) {
  const times = sides.map(() => ({
    trips: /** @type {number[]} */ ([]),
    reads: /** @type {number[]} */ ([]),
    rests: /** @type {number[]} */ ([]),
  }));
  for (let round = 0; round < READS; round += 1) {
    for (const [index, [, side]] of sides.entries()) {
      const tenant = side.tenants[round] ?? '';
      const ask = () =>
        pool.query(
          `select secret_key_encrypted from tenant_${tenant}.tenant_stripe_config where tenant_id = $1 and is_active`,
          [tenant],
        );
      // The first time of each, the server opens the table.
      await Promise.all([ask(), side.exists(tenant)]);
      const trip = await timeOf(ask);
      const read = await timeOf(() => side.read(tenant));
      times[index]?.trips.push(trip);
      times[index]?.reads.push(read);
      times[index]?.rests.push(read - trip);
    }
  }
  const medians = (/** @type {number[][]} */ all) => all.map((one) => ({ median: median(one) }));
  printResults('v2: a round trip alone', medians(times.map(({ trips }) => trips)));
  printResults('v2: first read of a key (legacy: of v1)', medians(times.map(({ reads }) => reads)));
  const rests = medians(times.map(({ rests }) => rests));
  printRow([
    '  of it: beyond the round trip',
    ...rests.flatMap((rest) => [format(rest.median), '-', '-']),
  ]);
}

/** @type {(work: () => Promise<unknown>) => Promise<number>} */
async function timeOf(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Values in a second of processor time of this process, which is what a core does where the database has
 * others; and in a second of the clock, with the database on the same cores.
 *
 * @param {Benched} benched
 */
async function benchRotations(benched) {
  console.log('\nValues in a second and core, and in a second (the database on the same cores)\n');
  printRow(['', 'legacy', 'clock', 'native', 'ratio', 'clock', 'wasm', 'ratio', 'clock']);
  const backends = /** @type {const} */ (['native', 'wasm']);
  const pairs = backends.map((backend) => [
    open(benched, backend, NEXT_KEY, [KEY]),
    open(benched, backend, KEY, [NEXT_KEY]),
  ]);
  /** @type {Record<string, Rate[][]>} */
  const rates = { 'v1 to v1': [[], [], []], 'v1 to v2': [[], [], []], 'v2 to v2': [[], [], []] };
  const note = (/** @type {string} */ row, /** @type {number} */ side, /** @type {Rate} */ rate) =>
    rates[row]?.[side]?.push(rate);
  for (let round = 0; round < ROTATIONS; round += 1) {
    const own = await someTenants(benched);
    const loop = await rateOf(() => legacyRotation(benched, own));
    for (const row of Object.keys(rates)) {
      note(row, 0, loop);
    }
    for (const [side, pair] of pairs.entries()) {
      const [forth, back] = /** @type {[Vault, Vault]} */ (pair);
      const inV1 = await someTenants(benched);
      note('v1 to v1', side + 1, await rateOf(() => rotation(forth, inV1, 'v1')));
      const inV2 = await someTenants(benched);
      note('v1 to v2', side + 1, await rateOf(() => rotation(forth, inV2, 'v2')));
      const repeated = async () => {
        let values = 0;
        for (let time = 0; time < REPEATED; time += 1) {
          values += await rotation(time % 2 === 0 ? back : forth, inV2, 'v2');
        }
        return values;
      };
      note('v2 to v2', side + 1, await rateOf(repeated));
    }
  }
  for (const [row, [loop = [], ...sides]] of Object.entries(rates)) {
    const reference = median(loop.map(({ core }) => core));
    printRow([
      `rotation, ${row}`,
      reference.toFixed(0),
      median(loop.map(({ clock }) => clock)).toFixed(0),
      ...sides.flatMap((side) => {
        const core = median(side.map((rate) => rate.core));
        const clock = median(side.map((rate) => rate.clock));
        return [core.toFixed(0), `${(core / reference).toFixed(1)}×`, clock.toFixed(0)];
      }),
    ]);
  }
  await Promise.all(pairs.flat().map((vault) => vault.close()));
}

/** @typedef {{ core: number, clock: number }} Rate values in a second */

/**
 * @param {() => Promise<number>} work gives how many values it rewrote
 * @returns {Promise<Rate>}
 */
async function rateOf(work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const values = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    core: (values / (user + system)) * 1e6,
    clock: (values / (performance.now() - start)) * 1000,
  };
}

/** @param {Benched} benched */
function someTenants({ native, pool, services }) {
  return prepareTenants(native, pool, services, TENANTS_OF_A_ROTATION);
}

/** @type {(vault: Vault, tenants: string[], tokenFormat: 'v1' | 'v2') => Promise<number>} */
async function rotation(vault, tenants, tokenFormat) {
  const { values, rewritten } = await vault.rotateEncryptionKeys({ tenants, tokenFormat });
  if (rewritten !== values) {
    throw new Error(`Of ${values} values ${rewritten} were rewritten`);
  }
  return rewritten;
}

/**
 * The loop that the legacy package's functions make possible.
 *
 * @param {Benched} benched
 * @param {string[]} tenants
 */
async function legacyRotation({ pool }, tenants) {
  const places = [
    ['tenant_stripe_config', 'secret_key_encrypted'],
    ['tenant_resend_config', 'api_key_encrypted'],
    ['tenant_wise_config', 'api_key_encrypted'],
    ['tenant_api_credentials', 'api_key_encrypted'],
  ];
  let values = 0;
  for (const tenant of tenants) {
    for (const [table, column] of places) {
      const name = `tenant_${tenant}.${table}`;
      const { rows } = await pool.query(`select id, ${column} as token from ${name}`);
      for (const { id, token } of rows) {
        const rewritten = legacyEncrypt(legacyDecrypt(token, KEY), NEXT_KEY);
        await pool.query(`update ${name} set ${column} = $1 where id = $2`, [rewritten, id]);
        values += 1;
      }
    }
  }
  return values;
}

/** @type {(benched: Benched, backend: 'native' | 'wasm', key: string, previous: string[]) => Vault} */
function open({ native, wasm, pool, databaseUrl }, backend, encryptionKey, previousEncryptionKeys) {
  const keys = { encryptionKey, previousEncryptionKeys };
  return backend === 'native'
    ? native.createIntegrations({ databaseUrl, ...keys })
    : wasm.createIntegrations({ driver: wasm.pgDriver(pool), ...keys });
}
