// Tokens that SQL puts in the places of others: every one in every other place of two tenants.

import { beforeAll, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { configureVault, newTenant, rejection, schemaOf, vault } from '../kit/vault';

const KEY = 'a'.repeat(64);

interface Place {
  tenantId: string;
  service: (typeof vault.SERVICE_CATALOG)[number]['id'];
  field: string;
}

let places: Place[];

beforeAll(async () => {
  configureVault(KEY);
  const tenants = [await newTenant(), await newTenant()];
  places = tenants.flatMap((tenantId) =>
    vault.SERVICE_CATALOG.flatMap(({ id, fields }) =>
      fields
        .filter(({ kind }) => kind === 'secret')
        .map(({ name }) => ({ tenantId, service: id, field: name })),
    ),
  );
  for (const tenantId of tenants) {
    for (const { id } of vault.SERVICE_CATALOG) {
      await vault.saveTenantCredential(tenantId, id, inputFor(id) as never);
    }
  }
});

test.each([
  { written: 'v2', tokenFormat: 'v2', outcome: 'DECRYPTION_FAILED' },
  { written: 'v2', tokenFormat: 'v2-only', outcome: 'DECRYPTION_FAILED' },
  { written: 'v1', tokenFormat: 'v2-only', outcome: 'TOKEN_FORMAT' },
  { written: 'v1', tokenFormat: 'v2', outcome: 'accepted' },
] as const)(
  'a $written token in another place under $tokenFormat: $outcome',
  async (row) => {
    const { written, tokenFormat, outcome } = row;
    configureVault(KEY, { tokenFormat });
    const tokens = await Promise.all(places.map((place) => seal(place, written)));
    const names = places.map(nameOf);
    await put(tokens);
    const refused = names.map(() => outcome);
    expect(await Promise.all(places.map(read))).toEqual(
      outcome === 'TOKEN_FORMAT' ? refused : names,
    );
    // Each shift brings every token to another place: together they are all pairs.
    for (let shift = 1; shift < places.length; shift += 1) {
      await put(shifted(tokens, shift));
      const expected = outcome === 'accepted' ? shifted(names, shift) : refused;
      expect(await Promise.all(places.map(read))).toEqual(expected);
      expect(await undecryptable()).toEqual(written === 'v2' ? names : []);
    }
  },
  180_000,
);

/** A token whose plaintext says where it is from. */
function seal(place: Place, format: 'v1' | 'v2'): Promise<string> {
  const context = format === 'v2' ? place : {};
  return vault.encryptToken(nameOf(place), KEY, { format, ...context });
}

function nameOf({ tenantId, service, field }: Place): string {
  return `${tenantId} ${service} ${field}`;
}

function shifted<T>(list: T[], by: number): T[] {
  return [...list.slice(by), ...list.slice(0, by)];
}

/** Writes a token into each place. */
async function put(tokens: string[]): Promise<void> {
  const updates = places.map((place, index) => update(place, tokens[index] as string));
  await sql(updates.join(';\n'));
}

function update({ tenantId, service, field }: Place, token: string): string {
  const table = ['stripe', 'resend', 'wise'].includes(service)
    ? `tenant_${service}_config`
    : 'tenant_api_credentials';
  const isInMetadata = table === 'tenant_api_credentials' && field === 'webhookSecret';
  const column = `${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_encrypted`;
  const change = isInMetadata
    ? `metadata = metadata || '{"webhookSecretEncrypted":"${token}"}'`
    : `${column} = '${token}'`;
  const row = table === 'tenant_api_credentials' ? `service_name = '${service}'` : 'true';
  return `update ${schemaOf(tenantId)}.${table} set ${change} where ${row}`;
}

/** What is read from a place, or the code of the refusal, whose sentence has to fit. */
async function read({ tenantId, service, field }: Place): Promise<string | null> {
  const value = readers[field]?.(tenantId, service as 'mux') as Promise<string | null>;
  try {
    return await value;
  } catch {
    const [code, message] = await rejection(value);
    const sentences: Record<string, string> = {
      DECRYPTION_FAILED: 'invalid key or corrupted data',
      TOKEN_FORMAT: 'keys rotate --format v2',
    };
    expect(message).toContain(sentences[code]);
    return code;
  }
}

type Reader = (tenantId: string, service: 'mux') => Promise<string | null>;

const apiKeys: Record<string, Reader> = {
  resend: (tenantId) => vault.getTenantResendApiKey(tenantId),
  wise: (tenantId) => vault.getTenantWiseApiKey(tenantId),
};

const readers: Record<string, Reader> = {
  secretKey: (tenantId) => vault.getTenantStripeSecretKey(tenantId),
  apiKey: (tenantId, service) => (apiKeys[service] ?? vault.getTenantApiKey)(tenantId, service),
  apiSecret: async (tenantId, service) =>
    (await vault.getTenantApiKeyAndSecret(tenantId, service))?.apiSecret ?? null,
  webhookSecret: (tenantId, service) => vault.getTenantWebhookSecret(tenantId, service),
};

/** The places that a count of keys names as such, and no others. */
async function undecryptable(): Promise<string[]> {
  const tenants = [...new Set(places.map(({ tenantId }) => tenantId))];
  const usages = await Promise.all(tenants.map((tenant) => vault.getEncryptionKeyUsage(tenant)));
  const failures = usages.flatMap((usage) => usage.failures);
  expect(failures.filter(({ code }) => code !== 'DECRYPTION_FAILED')).toEqual([]);
  const order = places.map(nameOf);
  const position = (failure: unknown) => order.indexOf(nameOf(failure as Place));
  return failures.sort((a, b) => position(a) - position(b)).map((f) => nameOf(f as Place));
}
