// Forces the race of fault 8: an answer of the database is held back until a change is done.

import * as vault from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, newSlug } from '../kit/database';

const encryptionKey = 'race-master-key-0123456789abcdef0123';
let pool: pg.Pool;
/** Called with what the database answered to the next read, before it is passed on. */
let beforeAnswer: (() => Promise<unknown>) | undefined;

beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl() });
  const driver = vault.pgDriver(pool);
  vault.configureIntegrations({
    encryptionKey,
    driver: {
      async query(sql, params) {
        const answer = await driver.query(sql, params);
        const hold = beforeAnswer;
        beforeAnswer = undefined;
        await hold?.();
        return answer;
      },
    },
  });
});
afterAll(() => pool.end());

const SAVED = 'sk-new';
const changes: [string, (tenant: string) => unknown, string | undefined][] = [
  ['save', (tenant) => save(tenant, SAVED), SAVED],
  ['disconnect', (tenant) => vault.deleteTenantApiCredential(tenant, 'openai'), undefined],
  ['clear', (tenant) => vault.clearTenantServiceCache(tenant, 'openai'), 'sk-elsewhere'],
];

test.each(changes)('a read that began before a %s does not undo it', async (name, change, key) => {
  const tenant = newSlug();
  await vault.createTenant(tenant);
  await save(tenant, 'sk-old');
  beforeAnswer = async () => {
    await change(tenant);
    if (name === 'clear') {
      const token = await vault.encryptToken('sk-elsewhere', encryptionKey);
      const table = `tenant_${tenant}.tenant_api_credentials`;
      await pool.query(`update ${table} set api_key_encrypted = $1`, [token]);
    }
  };
  // It has read the old secret.
  expect((await vault.getTenantOpenAIClient(tenant))?.apiKey).toBe('sk-old');
  expect((await vault.getTenantOpenAIClient(tenant))?.apiKey).toBe(key);
});

test('a read during a save does not outlive it', async () => {
  const tenant = newSlug();
  await vault.createTenant(tenant);
  await save(tenant, 'sk-old');
  let during: string | undefined;
  beforeAnswer = async () => {
    during = (await vault.getTenantOpenAIClient(tenant))?.apiKey ?? undefined;
  };
  await save(tenant, SAVED);
  expect(during).toBe('sk-old');
  expect((await vault.getTenantOpenAIClient(tenant))?.apiKey).toBe(SAVED);
});

/** Asks for a client so late that its credential is looked at; the database answers that with an error. */
async function askLate(tenant: string, error: unknown) {
  const now = Date.now() + 60_000;
  const { now: realNow } = Date;
  Date.now = () => now;
  beforeAnswer = () => Promise.reject(error);
  try {
    return await vault.getTenantOpenAIClient(tenant);
  } finally {
    Date.now = realNow;
  }
}

test.each([
  ['is down', new Error('down')],
  ['is too slow', { code: '57014' }],
])('a database that %s takes no client away', async (_name, error) => {
  const tenant = newSlug();
  await vault.createTenant(tenant);
  await save(tenant, 'sk-old');
  const client = await vault.getTenantOpenAIClient(tenant);
  expect(await askLate(tenant, error)).toBe(client);
});

test.each([
  ['permission denied', '42501'],
  ['the schema is gone', '3F000'],
  ['the table is gone', '42P01'],
  ['a column is gone', '42703'],
  ['wrong password', '28P01'],
  ['an internal error', 'XX000'],
])('an answer that is no revision takes the client away: %s', async (_name, code) => {
  const tenant = newSlug();
  await vault.createTenant(tenant);
  await save(tenant, 'sk-old');
  const client = await vault.getTenantOpenAIClient(tenant);
  // What is stored now is read, and gives another client or says what is wrong.
  expect(await askLate(tenant, { code })).not.toBe(client);
  await vault.deleteTenantApiCredential(tenant, 'openai');
  expect(await vault.getTenantOpenAIClient(tenant)).toBeNull();
});

function save(tenant: string, apiKey: string) {
  return vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey });
}
