// Under token format v1 a credential is encrypted the first time that a test run saves it; later tenants
// get a copy of the row. Deriving a key takes milliseconds, and a copied token needs no key but the first
// one's. A token of v2 takes microseconds and opens in its own tenant only, so that each tenant gets its own.

import {
  type CredentialInput,
  SERVICE_DISPLAY_NAMES,
  saveTenantCredential,
  type TenantService,
} from '../index.js';
import type { TestDatabase } from './database.js';

const OWN_TABLES: Partial<Record<TenantService, string>> = {
  stripe: 'tenant_stripe_config',
  resend: 'tenant_resend_config',
  wise: 'tenant_wise_config',
};

export class StoredCredentials {
  readonly #database: TestDatabase;
  readonly #copiesRows: boolean;
  /** Rows as JSON, by service and input. */
  readonly #rows = new Map<string, string>();

  constructor(database: TestDatabase, copiesRows: boolean) {
    this.#database = database;
    this.#copiesRows = copiesRows;
  }

  async save<Service extends TenantService>(
    tenantId: string,
    service: Service,
    input: CredentialInput<Service>,
  ): Promise<void> {
    const key = JSON.stringify([service, input]);
    const row = this.#rows.get(key);
    if (row !== undefined) {
      await this.#insert(tenantId, service, row);
      return;
    }
    const { id } = await saveTenantCredential(tenantId, service, input);
    if (!this.#copiesRows) {
      return;
    }
    this.#rows.set(key, await this.#read(tenantId, service, id));
  }

  async #read(tenantId: string, service: TenantService, id: string): Promise<string> {
    const sql = `select to_jsonb(t)::text as row from ${tableOf(tenantId, service)} t where id = $1::text::uuid`;
    const [found] = (await this.#database.query(sql, [id])) as { row: string }[];
    return found?.row ?? '';
  }

  async #insert(tenantId: string, service: TenantService, row: string): Promise<void> {
    const table = tableOf(tenantId, service);
    await this.#database.query(
      `insert into ${table} select * from jsonb_populate_record(null::${table}, $1::text::jsonb ||
        jsonb_build_object('id', gen_random_uuid(), 'tenant_id', $2::text, 'created_at', now(), 'updated_at', now()))`,
      [row, tenantId],
    );
  }
}

function tableOf(tenantId: string, service: TenantService): string {
  const isApiService = Object.hasOwn(SERVICE_DISPLAY_NAMES, service);
  return `tenant_${tenantId}.${isApiService ? 'tenant_api_credentials' : OWN_TABLES[service]}`;
}
