// What a role that may make things in `public`, as any role may on servers before PostgreSQL 15, can
// do to the vault: nothing.

import * as vault from '@cgk-platform/integrations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newDatabase, newSlug, sql } from '../kit/database';

const SECRET = 'sk_test_victim';
const role = newSlug();
let database: string;
let url: string;
let attacker: pg.Client;

beforeAll(async () => {
  database = newSlug();
  url = await newDatabase(database);
  await sql(`create role ${role} login password 'attacker'`);
  const target = new URL(url);
  target.username = role;
  target.password = 'attacker';
  await run('grant create, usage on schema public to public');
  attacker = new pg.Client({ connectionString: target.href });
  await attacker.connect();
  vault.configureIntegrations({ databaseUrl: url, encryptionKey: vault.generateEncryptionKey() });
});
afterAll(async () => {
  await vault.closeIntegrations();
  await attacker.end();
  await sql(`drop database ${database} with (force)`);
  await sql(`drop role ${role}`);
});

async function run(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

test('functions and operators of the same names see no token and change no answer', async () => {
  await vault.createTenant('acme');
  await attacker.query('create table public.loot (what text)');
  await attacker.query('grant insert on public.loot to public');
  const steals = `language plpgsql as $$ begin insert into public.loot values ('called'); return null; end $$`;
  for (const declaration of [
    'json_build_array(text)',
    'json_build_array(text, text)',
    'json_build_object(text, text)',
    'json_build_object(text, text, text, text)',
    'jsonb_build_object(text, text)',
    'json_strip_nulls(text)',
    'jsonb_strip_nulls(text)',
    'to_jsonb(text)',
    'md5(json)',
    'floor(integer)',
    'now(text)',
    'isfinite(text)',
    'jsonb_typeof(text)',
  ]) {
    await attacker.query(`create function public.${declaration} returns json ${steals}`);
  }
  for (const [left, right] of [
    ['numeric', 'integer'],
    ['jsonb', 'varchar'],
    ['json', 'varchar'],
  ]) {
    await attacker.query(
      `create function public.f_${left}(${left}, ${right}) returns ${left} ${steals}`,
    );
    for (const name of ['*', '-', '->', '->>', '||']) {
      await attacker.query(
        `create operator public.${name} (function = public.f_${left}, leftarg = ${left}, rightarg = ${right})`,
      );
    }
  }

  await vault.saveTenantStripeConfig('acme', { secretKey: SECRET, webhookSecret: 'whsec_1' });
  await vault.saveTenantApiCredential('acme', {
    serviceName: 'mux',
    apiKey: 'id',
    apiSecret: 's',
    webhookSecret: 'hook',
    metadata: { a: 1 },
  });
  expect(await vault.getTenantStripeSecretKey('acme')).toBe(SECRET);
  expect(await vault.getTenantStripeConfig('acme')).toMatchObject({ tenantId: 'acme' });
  expect(await vault.getTenantWebhookSecret('acme', 'mux')).toBe('hook');
  expect(await vault.getAllTenantApiCredentials('acme')).toHaveLength(1);
  const statuses = await vault.getTenantCredentialStatuses('acme');
  expect(statuses.filter(({ connected }) => connected)).toHaveLength(2);
  await vault.updateStripeConfigVerification('acme', true, { accountId: 'acct_1' });
  await vault.deleteTenantStripeConfig('acme');
  expect((await run('select count(*)::int from public.loot')).rows).toEqual([{ count: 0 }]);
});

test('a trigger function of somebody else is not run with our rights', async () => {
  await run('drop function if exists public.update_updated_at_column() cascade');
  await attacker.query(
    `create function public.update_updated_at_column() returns trigger language plpgsql
     as $$ begin new.secret_key_encrypted = 'taken over'; return new; end $$`,
  );
  const refused = vault.createTenant('rawdog');
  await expect(refused).rejects.toMatchObject({
    code: 'FUNCTION_UNTRUSTED',
    message: expect.stringContaining('alter function'),
  });
  expect(await vault.listTenants()).not.toContain('rawdog');
  await run('alter function public.update_updated_at_column() owner to postgres');
  await vault.createTenant('rawdog');
});
