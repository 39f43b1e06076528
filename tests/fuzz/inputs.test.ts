// Inputs of saves: both backends store the same or refuse it in the same words, and no error repeats
// a part of what it was given.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { afterAll, beforeAll, expect } from '@jest/globals';
import pg from 'pg';
import { campaign, kindOf, type Settled, settle } from '../kit/campaign';
import { expectUnmarked, markedText } from '../kit/canary';
import { databaseUrl, newSlug } from '../kit/database';
import type { Random } from '../kit/random';
import { someInput, someService } from '../kit/save-inputs';

type Vault = typeof native;

const encryptionKey = 'fuzz-master-key-0123456789abcdefgh';
/** The same happens to both tenants, each over a backend of its own. */
const sides: [Vault, string][] = [
  [native, newSlug()],
  [wasm, newSlug()],
];
let pool: pg.Pool;

beforeAll(async () => {
  pool = new pg.Pool({ connectionString: databaseUrl() });
  // The addon takes the URL, WebAssembly the driver.
  const driver = native.pgDriver(pool);
  for (const [vault, tenant] of sides) {
    vault.configureIntegrations({ databaseUrl: databaseUrl(), driver, encryptionKey });
    await vault.createTenant(tenant);
  }
});

afterAll(async () => {
  await native.closeIntegrations();
  await pool.end();
});

campaign({
  name: 'inputs',
  share: 0.3,
  outcomes: ['value', 'INPUT_INVALID', 'SERVICE_UNKNOWN', 'TENANT_INVALID'],
  async run(random) {
    const call = someCall(random);
    const [first, second] = await Promise.all(
      sides.map(async ([vault, tenant]) => comparable(await settle(() => call(vault, tenant)))),
    );
    expect(second).toEqual(first);
    if (first && 'message' in first) {
      expectUnmarked(first.message);
    }
    return kindOf(first as Settled);
  },
});

function someCall(random: Random): (vault: Vault, tenant: string) => Promise<unknown> {
  const anything = () => random.value(() => markedText(random)) as never;
  const service = random.chance(0.9) ? someService(random) : anything();
  const input = random.chance(0.8) ? someInput(random, service) : anything();
  const [verified, account, error] = [random.chance(0.8), anything(), anything()];
  return random.oneOf<(vault: Vault, tenant: string) => Promise<unknown>>(
    () => async (vault, tenant) => {
      const saved = await vault.saveTenantCredential(tenant, service, input);
      return [saved, await secrets(vault, tenant, service)];
    },
    () => async (vault, tenant) => {
      const saved = await vault.saveTenantCredential(tenant, service, input);
      return [saved, await vault.deleteTenantCredential(tenant, service)];
    },
    () => (vault, tenant) => vault.saveTenantApiCredential(tenant, input as never),
    () => (vault) => vault.saveTenantCredential(account, service, input),
    () => (vault, tenant) =>
      vault.updateApiCredentialVerification(tenant, service as never, verified, account, error),
    () => (vault, tenant) => vault.updateStripeConfigVerification(tenant, verified, account, error),
    () => (vault, tenant) => vault.hasTenantServiceConfig(tenant, service as never),
  );
}

async function secrets(vault: Vault, tenant: string, service: string): Promise<unknown> {
  switch (service) {
    case 'stripe':
      return [
        await vault.getTenantStripeSecretKey(tenant),
        await vault.getTenantStripeWebhookSecret(tenant),
      ];
    case 'resend':
      return vault.getTenantResendApiKey(tenant);
    case 'wise':
      return vault.getTenantWiseApiKey(tenant);
    default:
      return vault.getTenantApiKeyAndSecret(tenant, service as 'mux');
  }
}

/** Without what differs between any two rows: ids, times, ciphertext. */
function comparable(settled: Settled): Settled {
  if ('code' in settled) {
    return settled;
  }
  const json = JSON.stringify(settled.value, (name, value) => {
    const differs = /Encrypted$/.test(name) || /^(id|tenantId|createdAt|updatedAt)$/.test(name);
    return differs && value !== null ? typeof value : value;
  });
  return { value: json };
}
