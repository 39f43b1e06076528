// What a database driver may answer: every odd answer becomes an error with a code that repeats
// nothing of it, and the next call works.

import * as vault from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, expect } from '@jest/globals';
import pg from 'pg';
import { campaign, kindOf, settle } from '../kit/campaign';
import { expectUnmarked, markedText } from '../kit/canary';
import { databaseUrl, newSlug } from '../kit/database';
import type { Random } from '../kit/random';

type Query = vault.DatabaseDriver['query'];

const SQLSTATES = ['08006', '25006', '28P01', '3F000', '42501', '42P01', '42703', '53300', '57014'];
const tenant = newSlug();
const CALLS: (() => Promise<unknown>)[] = [
  () => vault.getTenantStripeConfig(tenant),
  () => vault.getTenantStripeSecretKey(tenant),
  () => vault.getAllTenantApiCredentials(tenant),
  () => vault.getTenantApiKeyAndSecret(tenant, 'mux'),
  () => vault.getTenantCredentialStatuses(tenant),
  () => vault.getTenantWebhookSecret(tenant, 'stripe'),
  () => vault.hasTenantServiceConfig(tenant, 'mux'),
  () => vault.deleteTenantWiseConfig(tenant),
  () => vault.listTenants(),
];

let pool: pg.Pool;
let query: Query;
/** What the database really answers. */
let answers: Awaited<ReturnType<Query>>[];

beforeAll(async () => {
  pool = new pg.Pool({ connectionString: databaseUrl() });
  query = vault.pgDriver(pool).query;
  const encryptionKey = 'fuzz-master-key-0123456789abcdefgh';
  const driver = { query: (...call: Parameters<Query>) => query(...call) };
  vault.configureIntegrations({ driver, encryptionKey });
  await vault.createTenant(tenant);
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' });
  await vault.saveTenantApiCredential(tenant, {
    serviceName: 'mux',
    apiKey: 'mux-token-id',
    apiSecret: 'mux-token-secret',
    metadata: { a: [1, { b: null }] },
  });
  answers = await recordAnswers();
});

afterAll(() => pool.end());

/** Runs each call once, and keeps what the driver answered. */
async function recordAnswers(): Promise<typeof answers> {
  const working = query;
  const recorded: typeof answers = [];
  query = async (...call) => {
    const answer = await working(...call);
    recorded.push(answer);
    return answer;
  };
  for (const call of CALLS) {
    await call();
  }
  query = working;
  return recorded;
}

campaign({
  name: 'driver-answers',
  share: 1,
  outcomes: ['value', 'DRIVER_INVALID', 'STORED_DATA_INVALID', 'DATABASE_UNAVAILABLE'],
  async run(random) {
    const [working, call] = [query, random.pick(CALLS)];
    query = oddQuery(random);
    try {
      const settled = await settle(call);
      if ('message' in settled) {
        expectUnmarked(settled.message);
      }
      return kindOf(settled);
    } finally {
      query = working;
      expect(await vault.hasTenantServiceConfig(tenant, 'mux')).toBe(true);
    }
  },
});

function oddQuery(random: Random): Query {
  const text = () => markedText(random);
  const value = random.value(text);
  return random.oneOf<Query>(
    () => async () => oddAnswer(random),
    () => async () => oddAnswer(random),
    () => async () => value as never,
    () => () => value as never,
    () => () => Promise.reject(value),
    () => () => {
      throw value;
    },
    () => () => Promise.reject(Object.assign(new Error(text()), { code: random.pick(SQLSTATES) })),
    () => () => Promise.reject(Object.assign(new Error(text()), { code: random.value(text) })),
    () => () => Promise.reject(random.object(text)),
  );
}

/** A real answer with something of it changed. */
function oddAnswer(random: Random): never {
  const rows = rowsOf(random.pick(answers)).map((row) => Object.values(row as object));
  const odd = rows.map((values) =>
    random.oneOf<unknown>(
      () => ({ answer: values[0] }),
      () => values,
      () => ({ answer: random.damaged(String(values[0])) }),
      () => ({ answer: changedJson(random, String(values[0])) }),
      () => ({ answer: changedJson(random, String(values[0])) }),
      () => ({ answer: random.value(() => markedText(random)) }),
      () => random.value(() => markedText(random)),
      () => random.hostile({ answer: values[0] }, () => markedText(random)),
    ),
  );
  return random.oneOf<unknown>(
    () => odd,
    () => ({ rows: odd }),
    () => [...odd, ...odd],
    () => random.hostile({ rows: odd }, () => markedText(random)),
  ) as never;
}

function rowsOf(answer: Awaited<ReturnType<Query>>): readonly unknown[] {
  return 'rows' in answer ? answer.rows : answer;
}

/** JSON with one of its members of another kind. */
function changedJson(random: Random, json: string): string {
  const value = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return JSON.stringify(markedText(random));
  }
  const name = random.pick(Object.keys(value));
  value[name] = random.pick([null, true, 1, -1.5, 1e300, '', markedText(random), [], {}, [[]]]);
  return JSON.stringify(value);
}
