// What a role needs, as docs/scaling.md says it: these privileges and no other.

import * as vault from '@cgk-platform/integrations/native';
import { expect, test } from '@jest/globals';
import { newDatabase, newSlug, sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';

const KEY = 'ab'.repeat(32);
const SINK = { name: 'test', deliver: () => {} };

/** A database with a tenant, and the URL of a role that may do nothing there but what is granted. */
async function roleWith(
  layout: vault.Layout,
  grants: string,
): Promise<{ app: vault.Integrations; tenant: string; owner: vault.Integrations }> {
  const [url, role, tenant] = [await newDatabase(`may_${newSlug()}`), newSlug(), newSlug()];
  const options = { encryptionKey: KEY, layout, events: true };
  const owner = vault.createIntegrations({ ...options, databaseUrl: url });
  await owner.createTenant(tenant);
  await sql(`create role ${role} login password 'app'`, [], url);
  await sql(grants.replaceAll(':tenant', `tenant_${tenant}`).replaceAll(':role', role), [], url);
  const own = Object.assign(new URL(url), { username: role, password: 'app' }).href;
  const app = vault.createIntegrations({ ...options, auditReads: 'all', databaseUrl: own });
  return { app, tenant, owner };
}

/** Saves, reads, checks, disconnects and rotates credentials, and keeps events and states. */
async function useAll(app: vault.Integrations, tenant: string): Promise<void> {
  for (const { id } of vault.SERVICE_CATALOG) {
    await app.saveTenantCredential(tenant, id, inputFor(id) as never);
    await app.saveTenantCredential(tenant, id, inputFor(id) as never);
  }
  expect(await app.getTenantStripeSecretKey(tenant)).toBe(
    (inputFor('stripe') as { secretKey: string }).secretKey,
  );
  expect(await app.getAllTenantApiCredentials(tenant)).not.toEqual([]);
  expect((await app.getTenantCredentialStatuses(tenant)).length).toBeGreaterThan(0);
  await app.updateWiseConfigVerification(tenant, false, null, 'refused');
  expect(await app.deleteTenantCredential(tenant, 'mux')).toBe(true);
  expect(await app.rotateEncryptionKeys({ tenants: [tenant] })).toMatchObject({ failures: [] });
  expect(await app.deliverCredentialEvents({ tenants: [tenant], sinks: [SINK] })).toMatchObject({
    failures: [],
  });
  await app.sealTenantCredentialEvents(tenant);
  expect(await app.verifyTenantCredentialEvents(tenant)).toMatchObject({ intact: true });
  expect((await app.getCredentialHealth(tenant)).database).toEqual({ reachable: true });
  expect((await app.diagnoseTenants({ tenants: [tenant] })).healthy).toEqual([tenant]);
}

test('with a schema each: usage on it, and select, insert and update on its tables', async () => {
  const { app, tenant, owner } = await roleWith(
    'schema',
    `grant usage on schema :tenant to :role;
     grant select, insert, update on all tables in schema :tenant to :role`,
  );
  await useAll(app, tenant);
  await expect(app.createTenant(newSlug())).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await Promise.all([app.close(), owner.close()]);
});

test('of shared tables: usage on the schema, select, insert and update on them, select on tenants, and insert to create one', async () => {
  const { app, tenant, owner } = await roleWith(
    'shared',
    `grant usage on schema vault to :role;
     grant select, insert, update on all tables in schema vault to :role;
     revoke insert, update on vault.tenants from :role`,
  );
  await useAll(app, tenant);
  await expect(app.createTenant(newSlug())).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await Promise.all([app.close(), owner.close()]);

  const other = await roleWith(
    'shared',
    'grant usage on schema vault to :role; grant select, insert on vault.tenants to :role',
  );
  const made = newSlug();
  await other.app.createTenant(made);
  expect(await other.owner.listTenants()).toContain(made);
  await Promise.all([other.app.close(), other.owner.close()]);
});
