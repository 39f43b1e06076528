// What a tenant that does much costs another one: the calls of a quiet tenant beside those of a busy one.

import { randomBytes } from 'node:crypto';
import legacyCipher from '../../tests/kit/legacy-cipher.cjs';
import { rounds } from './bench-rounds.mjs';
import { KEY } from './bench-sides.mjs';
import { printShare } from './bench-table.mjs';

const { legacyEncrypt } = legacyCipher;
const ROUNDS = rounds(8);
/** In a round: of what takes milliseconds, and of what takes less. Three of all, and 16, lie beyond the 99th percentile. */
const CALLS = rounds(40);
const READS = rounds(200);
const WAITING_WRITES = 10;
/** Connections that the busy tenant may use: as many of its writes come as far as the row. */
const LOCKED_WRITES = 3;
const BURST = rounds(200);

/**
 * @param {typeof import('@cgk-platform/integrations')} native
 * @param {import('pg').Pool} pool
 */
export async function benchShares(native, pool) {
  const [busy, quiet] = [await newTenant(native), await newTenant(native)];
  const save = (/** @type {string} */ tenant) =>
    native.saveTenantResendConfig(tenant, { apiKey: 're_bench_0123456789' });
  await Promise.all([save(busy), save(quiet)]);
  const read = () => native.getTenantResendApiKey(quiet);
  const tokens = Array.from({ length: 2 * ROUNDS * CALLS }, () =>
    legacyEncrypt('sk_test_bench', KEY),
  );
  const firstRead = () => native.decryptToken(tokens.pop() ?? '', KEY);
  const saveMany = () => again(() => Array.from({ length: BURST }, () => save(busy)));
  const readJunk = () =>
    again(() => {
      const field = () => randomBytes(16).toString('hex');
      const junk = Array.from({ length: BURST }, () => [field(), field(), field(), 'ff'].join(':'));
      return junk.map((token) => native.decryptToken(token, KEY));
    });

  console.log(
    `\np99 of ${ROUNDS * CALLS} saves or first decrypts, or ${ROUNDS * READS} reads, of a tenant, and in brackets their median: alone, and while another tenant …`,
  );
  const locker = await pool.connect();
  await report('holds a row that its own ten writes wait for: a read', READS, read, async () => {
    await locker.query('begin');
    await locker.query(`select from tenant_${busy}.tenant_resend_config for update`);
    const writes = Promise.all(Array.from({ length: WAITING_WRITES }, () => save(busy)));
    // Before that they derive keys, as in the rows below.
    await untilLocked(pool);
    return async () => {
      await locker.query('commit');
      await writes;
    };
  });
  locker.release();
  await report(`saves ${BURST} keys: a save`, CALLS, () => save(quiet), saveMany);
  await report(`saves ${BURST} keys: a first decrypt`, CALLS, firstRead, saveMany);
  await report(`reads ${BURST} tokens that no key opens: a repeated read`, READS, read, readJunk);
}

/**
 * Keeps a tenant busy: as soon as one burst of calls is done, the next one begins.
 *
 * @param {() => Promise<unknown>[]} burst
 * @returns {Promise<() => Promise<void>>} what ends it
 */
async function again(burst) {
  let goesOn = true;
  const bursts = (async () => {
    while (goesOn) {
      await Promise.allSettled(burst());
    }
  })();
  return () => {
    goesOn = false;
    return bursts;
  };
}

/** @param {import('pg').Pool} pool */
async function untilLocked(pool) {
  const waiting = 'select count(*)::int as writes from pg_stat_activity where wait_event_type = $1';
  for (;;) {
    const { rows } = await pool.query(waiting, ['Lock']);
    if (rows[0].writes >= LOCKED_WRITES) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * @param {string} title
 * @param {number} calls in a round
 * @param {() => Promise<unknown>} call of the quiet tenant
 * @param {() => Promise<() => Promise<void>>} begin the work of the busy one; gives what ends it
 */
async function report(title, calls, call, begin) {
  /** @type {number[]} */
  const alone = [];
  /** @type {number[]} */
  const beside = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await time(calls, call, alone);
    const end = await begin();
    await time(calls, call, beside);
    await end();
  }
  printShare(title, alone, beside);
}

/**
 * @param {number} calls
 * @param {() => Promise<unknown>} call
 * @param {number[]} times
 */
async function time(calls, call, times) {
  for (let n = 0; n < calls; n += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
}

/** @param {typeof import('@cgk-platform/integrations')} native */
async function newTenant(native) {
  const tenant = `bench_${randomBytes(6).toString('hex')}`;
  await native.createTenant(tenant);
  return tenant;
}
