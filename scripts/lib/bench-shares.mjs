// What a tenant that does much costs another one: the calls of a quiet tenant beside those of a busy one.

import { randomBytes } from 'node:crypto';
import legacyCipher from '../../tests/kit/legacy-cipher.cjs';
import { rounds } from './bench-rounds.mjs';
import { KEY } from './bench-sides.mjs';
import { printShare } from './bench-table.mjs';

const { legacyEncrypt } = legacyCipher;
const CALLS = rounds(40);
const WAITING_WRITES = 10;
const SAVES = rounds(200);

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
  const tokens = Array.from({ length: 2 * CALLS }, () => legacyEncrypt('sk_test_bench', KEY));
  const firstRead = () => native.decryptToken(tokens.pop() ?? '', KEY);

  console.log(`\np99 of ${CALLS} calls of a tenant: alone, and while another tenant …`);
  const locker = await pool.connect();
  await report('holds a row that its own ten writes wait for: a read', read, async () => {
    await locker.query('begin');
    await locker.query(`select from tenant_${busy}.tenant_resend_config for update`);
    const writes = Promise.all(Array.from({ length: WAITING_WRITES }, () => save(busy)));
    return async () => {
      await locker.query('commit');
      await writes;
    };
  });
  locker.release();
  const manySaves = async () => {
    const saves = Promise.all(Array.from({ length: SAVES }, () => save(busy)));
    return async () => {
      await saves;
    };
  };
  await report(`saves ${SAVES} keys: a save`, () => save(quiet), manySaves);
  await report(`saves ${SAVES} keys: a first decrypt`, firstRead, manySaves);
  await report('reads 200 tokens that no key opens: a repeated read', read, async () => {
    const field = () => randomBytes(16).toString('hex');
    const junk = Array.from({ length: 200 }, () => [field(), field(), field(), 'ff'].join(':'));
    const reads = Promise.allSettled(junk.map((token) => native.decryptToken(token, KEY)));
    return async () => {
      await reads;
    };
  });
}

/**
 * @param {string} title
 * @param {() => Promise<unknown>} call of the quiet tenant
 * @param {() => Promise<() => Promise<void>>} begin the work of the busy one; gives what ends it
 */
async function report(title, call, begin) {
  const alone = await p99(call);
  const end = await begin();
  const beside = await p99(call);
  await end();
  printShare(title, { alone, beside, ratio: beside / alone });
}

/** @param {() => Promise<unknown>} call */
async function p99(call) {
  const times = [];
  for (let n = 0; n < CALLS; n += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(CALLS * 0.99)] ?? 0;
}

/** @param {typeof import('@cgk-platform/integrations')} native */
async function newTenant(native) {
  const tenant = `bench_${randomBytes(6).toString('hex')}`;
  await native.createTenant(tenant);
  return tenant;
}
