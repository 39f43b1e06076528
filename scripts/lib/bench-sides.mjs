// What the benchmark compares: the legacy way, which reads with `pg` and decrypts with Node's `crypto`,
// synchronously, and the vault on each backend.

import { randomBytes } from 'node:crypto';
import legacyCipher from '../../tests/kit/legacy-cipher.cjs';

const { legacyDecrypt, legacyEncrypt } = legacyCipher;

export const KEY = randomBytes(32).toString('base64');

/**
 * @typedef {object} Side what is measured of the legacy way and of each backend
 * @property {(tenant: string) => Promise<unknown>} read one Stripe key
 * @property {(token: string) => Promise<unknown>} decrypt
 * @property {(tenant: string) => Promise<unknown>} save one Stripe key
 * @property {(tenant: string) => Promise<unknown>} readAll the secrets of all services
 */

/**
 * Tenants with all services, encrypted in the legacy way.
 *
 * @param {typeof import('@cgk-platform/integrations')} native
 * @param {import('pg').Pool} pool
 * @param {string[]} services that share a table
 * @param {number} count
 */
export async function prepareTenants(native, pool, services, count) {
  const tenants = [];
  for (let n = 0; n < count; n += 1) {
    const tenant = `bench_${randomBytes(6).toString('hex')}`;
    await native.createTenant(tenant);
    const schema = `tenant_${tenant}`;
    const token = () => legacyEncrypt('sk_test_bench', KEY);
    await pool.query(
      `insert into ${schema}.tenant_stripe_config (tenant_id, secret_key_encrypted) values ($1, $2)`,
      [tenant, token()],
    );
    for (const table of ['tenant_resend_config', 'tenant_wise_config']) {
      await pool.query(
        `insert into ${schema}.${table} (tenant_id, api_key_encrypted) values ($1, $2)`,
        [tenant, token()],
      );
    }
    for (const service of services) {
      await pool.query(
        `insert into ${schema}.tenant_api_credentials (tenant_id, service_name, api_key_encrypted) values ($1, $2, $3)`,
        [tenant, service, token()],
      );
    }
    tenants.push(tenant);
  }
  return tenants;
}

/**
 * @param {import('pg').Pool} pool
 * @param {string[]} services that share a table
 * @returns {Side}
 */
export function legacySide(pool, services) {
  /** @type {(sql: string, params: string[]) => Promise<string>} */
  const readToken = async (sql, params) => {
    const { rows } = await pool.query(sql, params);
    return legacyDecrypt(rows[0].token, KEY);
  };
  /** @type {(tenant: string, table: string, column: string) => Promise<string>} */
  const readConfig = (tenant, table, column) =>
    readToken(
      `select ${column} as token from tenant_${tenant}.${table} where tenant_id = $1 and is_active`,
      [tenant],
    );
  return {
    read: (tenant) => readConfig(tenant, 'tenant_stripe_config', 'secret_key_encrypted'),
    decrypt: async (token) => legacyDecrypt(token, KEY),
    save: (tenant) =>
      pool.query(
        `insert into tenant_${tenant}.tenant_stripe_config (tenant_id, secret_key_encrypted) values ($1, $2)
         on conflict (tenant_id) do update set secret_key_encrypted = excluded.secret_key_encrypted returning *`,
        [tenant, legacyEncrypt('sk_test_bench', KEY)],
      ),
    readAll: (tenant) =>
      Promise.all([
        readConfig(tenant, 'tenant_stripe_config', 'secret_key_encrypted'),
        readConfig(tenant, 'tenant_resend_config', 'api_key_encrypted'),
        readConfig(tenant, 'tenant_wise_config', 'api_key_encrypted'),
        ...services.map((service) =>
          readToken(
            `select api_key_encrypted as token from tenant_${tenant}.tenant_api_credentials
             where tenant_id = $1 and service_name = $2 and is_active`,
            [tenant, service],
          ),
        ),
      ]),
  };
}

/**
 * @param {Omit<import('@cgk-platform/integrations').Integrations, 'close'>} vault
 * @param {string[]} services that share a table
 * @returns {Side}
 */
export function vaultSide(vault, services) {
  return {
    read: (tenant) => vault.getTenantStripeSecretKey(tenant),
    decrypt: (token) => vault.decryptToken(token, KEY),
    save: (tenant) => vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_bench' }),
    readAll: (tenant) =>
      Promise.all([
        vault.getTenantStripeSecretKey(tenant),
        vault.getTenantResendApiKey(tenant),
        vault.getTenantWiseApiKey(tenant),
        ...services.map((service) =>
          vault.getTenantApiKey(
            tenant,
            /** @type {import('@cgk-platform/integrations').TenantApiService} */ (service),
          ),
        ),
      ]),
  };
}
