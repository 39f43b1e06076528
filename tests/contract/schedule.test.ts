import { createCredentialRoutes, type RouteHandler } from '@cgk-platform/integrations/routes';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { configureVault, newTenant, rejection, vault } from '../kit/vault';

const SECRET = 'a secret of the scheduler';

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  configure();
  tenant = await newTenant();
  vendors.requests.length = 0;
});

function configure(events = true): void {
  configureVault('ab'.repeat(32), { events, endpoints: vendors.endpoints });
}

test('a sweep verifies what is due, and a delivery delivers what happened', async () => {
  await vault.saveTenantCredential(tenant, 'openai', inputFor('openai'));
  await vault.saveTenantStripeConfig(tenant, inputFor('stripe', 'wrong'));
  const tenants = [tenant];
  expect(await vault.verifyDueCredentials({ tenants })).toMatchObject({
    due: 2,
    accepted: 1,
    refused: 1,
    failures: [],
  });
  expect(await vault.verifyDueCredentials({ tenants })).toMatchObject({ due: 0 });
  const taken: string[] = [];
  const sink = {
    name: 'test',
    events: ['credential.suspect' as const],
    deliver: ({ event, service }: { event: string; service: string }) =>
      void taken.push(`${event} ${service}`),
  };
  const report = await vault.deliverCredentialEvents({ tenants, sinks: [sink] });
  expect(report).toMatchObject({ tenants: 1, delivered: 1, failures: [] });
  expect(taken).toEqual(['credential.suspect stripe']);
});

test('scheduled work needs events', async () => {
  configure(false);
  const sinks = [{ name: 'test', deliver: () => {} }];
  expect((await rejection(vault.verifyDueCredentials()))[0]).toBe('CONFIG_INVALID');
  expect((await rejection(vault.deliverCredentialEvents({ sinks })))[0]).toBe('CONFIG_INVALID');
});

test('a tenant without the tables is a failure of its own', async () => {
  const report = await vault.verifyDueCredentials({ tenants: ['no_such_tenant', tenant] });
  expect(report).toMatchObject({
    tenants: 2,
    failures: [{ tenantId: 'no_such_tenant', code: 'TENANT_NOT_FOUND' }],
  });
});

test('a scheduler gets in with its secret only', async () => {
  await vault.saveTenantCredential(tenant, 'openai', inputFor('openai'));
  const taken: string[] = [];
  const sinks = [{ name: 'test', deliver: ({ id }: { id: string }) => void taken.push(id) }];
  const verify = { tenants: [tenant] };
  const routes = createCredentialRoutes({
    authorize: () => null,
    schedule: { secret: SECRET, sinks, verify },
    integrations: {
      ...vault,
      deliverCredentialEvents: (options) =>
        vault.deliverCredentialEvents({ ...options, ...verify }),
    },
  });
  const ask = async (handler: RouteHandler, authorization?: string, method = 'GET') => {
    const headers = authorization === undefined ? {} : { authorization };
    const url = 'https://shop.example/api/cron';
    const response = await handler(new Request(url, { method, headers }));
    return { status: response.status, json: await response.json() };
  };
  for (const handler of [routes.verifyDue, routes.deliver]) {
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      `Bearer ${SECRET}x`,
      SECRET,
      'Bearer undefined',
    ]) {
      expect((await ask(handler, wrong)).status).toBe(401);
    }
    expect((await ask(handler, `Bearer ${SECRET}`, 'POST')).status).toBe(405);
  }
  expect(vendors.requests).toEqual([]);
  const verified = await ask(routes.verifyDue, `Bearer ${SECRET}`);
  expect(verified).toMatchObject({ status: 200, json: { due: 1, accepted: 1 } });
  const delivered = await ask(routes.deliver, `Bearer ${SECRET}`);
  expect(delivered).toMatchObject({ status: 200, json: { delivered: 1 } });
  expect(taken).toHaveLength(1);

  const without = createCredentialRoutes({ authorize: () => null });
  expect((await ask(without.verifyDue, `Bearer ${SECRET}`)).status).toBe(404);
  expect(() => createCredentialRoutes({ authorize: () => null, schedule: { secret: '' } })).toThrow(
    'schedule.secret must be',
  );
});
