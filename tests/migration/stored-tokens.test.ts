// A whole database through a change of key and format and back: rotation has to know every place of a
// token, and the package before format v2 has to read what it leaves.

import { createIntegrations, SERVICE_CATALOG } from '@cgk-platform/integrations/native';
import { beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { runIn } from '../kit/fixtures';
import { legacyDecrypt, legacyEncrypt } from '../kit/legacy-cipher.cjs';
import { nodeReference } from '../kit/reference-v2';
import { everyByte, type FoundToken, findTokens } from '../kit/stored-tokens';
import { SIGNERS } from '../kit/webhook-signers';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
const TENANTS = ['acme', 'rawdog'];
/** One with a table of its own, and one that shares a table. */
const DISCONNECTED = ['resend', 'easypost'] as const;

/** Built from the commit before format v2 by `npm run test:former`; else its cipher alone reads. */
const { FORMER_PACKAGE } = process.env;

let url: string;
/** What was saved, by `tenant service field`. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  url = await newDatabase(`tokens_${newSlug()}`);
  const vault = createIntegrations({ databaseUrl: url, encryptionKey: A });
  for (const tenant of TENANTS) {
    await vault.createTenant(tenant);
    for (const { id, fields } of SERVICE_CATALOG) {
      const webhookSecret = SIGNERS[id as 'stripe']?.secret;
      const input: Record<string, unknown> = {
        ...inputFor(id),
        ...(webhookSecret && { webhookSecret }),
      };
      await vault.saveTenantCredential(tenant, id, input as never);
      for (const { name, kind } of fields) {
        if (kind === 'secret') {
          secrets.set(`${tenant} ${id} ${name}`, String(input[name]));
        }
      }
    }
    for (const id of DISCONNECTED) {
      await vault.deleteTenantCredential(tenant, id);
    }
    await vault.updateStripeConfigVerification(tenant, false, null, 'revoked');
  }
  await vault.close();
  expect([...secrets.values()]).not.toContain('undefined');
}, 120_000);

function rotate(...args: string[]) {
  return runCli(['keys', 'rotate', '--all', '--json', ...args], {
    POSTGRES_URL: url,
    INTEGRATION_ENCRYPTION_KEY: B,
    INTEGRATION_ENCRYPTION_KEY_PREVIOUS: A,
  });
}

test('the scan finds tokens in any table, column and depth of JSON, and in what the database says of itself', async () => {
  const scanned = await newDatabase(`scan_${newSlug()}`);
  const token = legacyEncrypt('value', A);
  const bound = await nodeReference.seal({
    key: A,
    place: {},
    salt: Buffer.alloc(32),
    plaintext: Buffer.of(),
  });
  await sql(
    `create schema "Odd schema";
     create table "Odd schema"."Odd table" (note text, data jsonb);
     insert into "Odd schema"."Odd table" values ('see ${token}, ${bound}', '[{"a": {"${token}": ["${bound}"]}}]');
     comment on column "Odd schema"."Odd table".note is '${token}'`,
    [],
    scanned,
  );
  const found = await findTokens(scanned);
  expect(found.map(({ table, path, token }) => [table, path, token])).toEqual([
    ['"Odd table"', 'data.0.a', token],
    ['"Odd table"', `data.0.a.${token}.0`, bound],
    ['"Odd table"', 'note', token],
    ['"Odd table"', 'note', bound],
    ['pg_description', 'description', token],
  ]);
});

test('a dry run leaves every byte of every table', async () => {
  const before = await everyByte(url);
  for (const format of ['v1', 'v2']) {
    const { status, output } = await rotate('--dry-run', '--format', format);
    expect([status, JSON.parse(output).rewritten]).toEqual([3, secrets.size]);
  }
  expect(await everyByte(url)).toBe(before);
}, 120_000);

test('rotation knows the places of all tokens, and no token is elsewhere', async () => {
  const before = await findTokens(url);
  expect(await opened(before, A)).toEqual(secrets);
  for (const format of ['v2', 'v1', 'v2']) {
    const { status, output } = await rotate('--format', format);
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ values: secrets.size, rewritten: secrets.size });
    const after = await findTokens(url);
    expect(after.map(placeOf)).toEqual(before.map(placeOf));
    expect(await opened(after, B)).toEqual(secrets);
    expect(after.every(({ token }) => token.startsWith('v2.') === (format === 'v2'))).toBe(true);
    await expectCounts(after);
  }
}, 120_000);

test('the package before format v2 reads everything after keys rotate --format v1', async () => {
  expect((await rotate('--format', 'v1')).status).toBe(0);
  const tokens = await findTokens(url);
  expect(new Map(tokens.map((found) => [placeOf(found), legacyDecrypt(found.token, B)]))).toEqual(
    secrets,
  );
  if (FORMER_PACKAGE) {
    const connect = TENANTS.map((tenant) =>
      [...new Set(tokens.map(({ table }) => table))].map(
        (table) => `update tenant_${tenant}.${table} set is_active = true`,
      ),
    );
    await sql(connect.flat().join(';'), [], url);
    for (const entry of ['native', 'wasm']) {
      expect([entry, await readByFormer(FORMER_PACKAGE, entry)]).toEqual([entry, secrets]);
    }
    expect((await rotate('--format', 'v2')).status).toBe(0);
    await expect(readByFormer(FORMER_PACKAGE, 'native')).rejects.toThrow('TOKEN_FORMAT');
  }
}, 120_000);

/** The counts of `keys status` by table are those of the scan. */
async function expectCounts(tokens: FoundToken[]): Promise<void> {
  const vault = createIntegrations({ databaseUrl: url, encryptionKey: B });
  const { keys, failures } = await vault.getEncryptionKeyUsage();
  await vault.close();
  expect(failures).toEqual([]);
  const counted = Object.fromEntries(keys.map(({ table, values }) => [table, values]));
  const scanned: Record<string, number> = {};
  for (const { table } of tokens) {
    scanned[table] = (scanned[table] ?? 0) + 1;
  }
  expect(counted).toEqual(scanned);
}

/** The plaintexts by place, opened without the package. */
async function opened(tokens: FoundToken[], key: string): Promise<Map<string, string>> {
  const entries = tokens.map(async (found): Promise<[string, string]> => {
    const [tenantId, service, field] = partsOf(found);
    if (!found.token.startsWith('v2.')) {
      return [placeOf(found), legacyDecrypt(found.token, key)];
    }
    const value = await nodeReference.open(found.token, key, { tenantId, service, field });
    return [placeOf(found), 'value' in value ? value.value : value.code];
  });
  const values = new Map(await Promise.all(entries));
  expect(values.size).toBe(tokens.length);
  return values;
}

function placeOf(found: FoundToken): string {
  return partsOf(found).join(' ');
}

function partsOf({ schema, table, path, row }: FoundToken): [string, string, string] {
  const service = String(row.service_name ?? /^tenant_(\w+)_config$/.exec(table)?.[1]);
  const column = path.replace(/^metadata\./, '').replace(/_?encrypted$/i, '');
  const field = column.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return [schema.replace('tenant_', ''), service, field];
}

/** Reads every secret by the functions of the former package, in a process of its own. */
async function readByFormer(folder: string, entry: string): Promise<Map<string, string>> {
  const program = `
    const vault = await import('@cgk-platform/integrations/${entry}');
    const pg = (await import('pg')).default;
    const pool = new pg.Pool({ connectionString: process.env.POSTGRES_URL });
    vault.configureIntegrations({ driver: vault.pgDriver(pool) });
    const own = {
      stripe: { secretKey: vault.getTenantStripeSecretKey },
      wise: { apiKey: vault.getTenantWiseApiKey },
      resend: { apiKey: vault.getTenantResendApiKey },
    };
    const read = async (tenant, service, field) =>
      field === 'webhookSecret' ? vault.getTenantWebhookSecret(tenant, service)
      : own[service] ? own[service][field](tenant)
      : (await vault.getTenantApiKeyAndSecret(tenant, service))[field];
    const places = JSON.parse(process.env.PLACES);
    const entries = [];
    for (const place of places) {
      entries.push([place, await read(...place.split(' '))]);
    }
    console.log(JSON.stringify(entries));
    process.exit();
  `;
  const output = await runIn(folder, process.execPath, ['--input-type=module', '-e', program], {
    POSTGRES_URL: url,
    INTEGRATION_ENCRYPTION_KEY: B,
    PLACES: JSON.stringify([...secrets.keys()]),
  });
  return new Map(JSON.parse(output));
}
