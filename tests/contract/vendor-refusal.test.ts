// A vendor that refuses a client's credential in the midst of work: what is made of it.

import type { TenantService, VendorRefusal } from '@cgk-platform/integrations';
import { createIntegrations } from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callClient, WITH_CLIENT } from '../kit/client-calls';
import { databaseUrl } from '../kit/database';
import { type Behaviour, type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { configureVault, newTenant, saveCredential, vault } from '../kit/vault';

const KEY = 'ab'.repeat(32);

let vendors: FakeVendors;
let tenant: string;
let refusals: VendorRefusal[];

beforeAll(async () => {
  vendors = await startFakeVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  refusals = [];
  configure((refusal) => refusals.push(refusal));
  tenant = await newTenant();
  vendors.requests.length = 0;
});
afterEach(() => {
  vendors.beforeAnswer = undefined;
});

function configure(onVendorRefusal: boolean | ((refusal: VendorRefusal) => unknown)): void {
  const { endpoints } = vendors;
  configureVault(KEY, { events: true, endpoints, onVendorRefusal });
}

async function connect(service: TenantService, behaviour: Behaviour): Promise<void> {
  await saveCredential(tenant, service, inputFor(service, behaviour));
}

/** Calls that the vendor may refuse, and what is made of that. */
async function call(service: TenantService, times = 1): Promise<unknown[]> {
  const calls = Array.from({ length: times }, () => callClient(service, tenant));
  const results = await Promise.allSettled(calls);
  await Promise.all(refusals.map(({ checked }) => checked));
  return results.map(({ status }) => status);
}

async function states(): Promise<string[]> {
  const events = await vault.listTenantCredentialEvents(tenant);
  const said = events.filter(({ event }) => /suspect|failing|recovered/.test(event));
  return said.map(({ event, service, actor }) => `${event} ${service} ${actor?.type}`);
}

describe.each(WITH_CLIENT)('%s', (service) => {
  test('a credential that is refused is checked once, whatever follows, and suspect', async () => {
    await connect(service, 'wrong');
    await call(service);
    expect(refusals).toMatchObject([{ tenantId: tenant, service }]);
    expect(vendors.requests).toHaveLength(2);
    expect(await states()).toEqual([`credential.suspect ${service} schedule`]);
    await call(service, 3);
    expect(refusals).toHaveLength(1);
    expect(vendors.requests).toHaveLength(5);
    expect(await states()).toHaveLength(1);
  });

  test('one that is accepted is not checked', async () => {
    await connect(service, 'right');
    expect(await call(service)).toEqual(['fulfilled']);
    expect(refusals).toEqual([]);
    expect(await states()).toEqual([]);
  });

  test('one that lacks a permission does not become suspect', async () => {
    await connect(service, 'restricted');
    await call(service);
    expect(await states()).toEqual([]);
  });
});

describe('the check', () => {
  const service = 'openai';

  test('delays no caller', async () => {
    await connect(service, 'wrong');
    let answer = () => {};
    const wasRefused = new Promise<void>((resolve) => {
      answer = resolve;
    });
    vendors.beforeAnswer = async () => {
      // The first request is that of the client, the second one the check.
      if (vendors.requests.length > 1) {
        await wasRefused;
      }
    };
    await expect(callClient(service, tenant)).rejects.toThrow();
    answer();
    await refusals[0]?.checked;
    expect(await states()).toHaveLength(1);
  });

  test('is one for calls that are refused at the same time', async () => {
    await connect(service, 'wrong');
    await call(service, 12);
    expect(refusals).toHaveLength(1);
    expect(vendors.requests).toHaveLength(13);
  });

  test('is one for several processes', async () => {
    await connect(service, 'wrong');
    const begun: Promise<void>[] = [];
    const vaults = Array.from({ length: 4 }, () =>
      createIntegrations({
        databaseUrl: databaseUrl(),
        encryptionKey: KEY,
        events: true,
        endpoints: vendors.endpoints,
        onVendorRefusal: ({ checked }) => begun.push(checked),
      }),
    );
    const calls = vaults.map(async (vault) => {
      const client = await vault.requireTenantOpenAIClient(tenant);
      return client.createEmbedding('text');
    });
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(
      vaults.map(() => 'rejected'),
    );
    await Promise.all(begun);
    expect(begun).toHaveLength(4);
    expect(vendors.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
    expect(await states()).toHaveLength(1);
    await Promise.all(vaults.map((vault) => vault.close()));
  });

  test('finds that a key is right which one call was refused with, and says nothing', async () => {
    await connect(service, 'right');
    vendors.failures.push(401);
    await call(service);
    expect(refusals).toHaveLength(1);
    expect(await states()).toEqual([]);
    const [status] = (await vault.getTenantCredentialStatuses(tenant)).filter(
      (status) => status.service === service,
    );
    expect(status).toMatchObject({ hasError: false, lastVerifiedAt: expect.any(Date) });
  });

  test('makes a key fail at once that the vendor says was revoked', async () => {
    await connect('stripe', 'wrong');
    const revoked = { error: { type: 'invalid_request_error', code: 'api_key_expired' } };
    vendors.answers.push({ status: 401, body: revoked }, { status: 401, body: revoked });
    await call('stripe');
    expect(await states()).toEqual(['credential.failing stripe schedule']);
  });

  test('leaves a refusal that is known to scheduled verification, which confirms it', async () => {
    await connect(service, 'wrong');
    await vault.verifyDueCredentials({ tenants: [tenant] });
    vendors.requests.length = 0;
    await call(service);
    expect(refusals).toHaveLength(1);
    expect(vendors.requests).toHaveLength(1);
    expect(await states()).toHaveLength(1);
  });

  test('can be asked for by who calls the vendor otherwise', async () => {
    await connect(service, 'wrong');
    configure(false);
    await vault.reportVendorRefusal(tenant, service);
    await vault.reportVendorRefusal(tenant, service);
    expect(vendors.requests).toHaveLength(1);
    expect(await states()).toHaveLength(1);
    configureVault(KEY, { events: false });
    const report = vault.reportVendorRefusal(tenant, service);
    await expect(report).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('is not made where it is off, and a function that throws harms nobody', async () => {
    await connect(service, 'wrong');
    configure(false);
    await call(service);
    expect(vendors.requests).toHaveLength(1);
    const checks: Promise<void>[] = [];
    configure(({ checked }) => {
      checks.push(checked);
      throw new Error('of the host');
    });
    await call(service);
    await Promise.all(checks);
    expect(await states()).toHaveLength(1);
  });

  test.each([
    [{ onVendorRefusal: 'yes' }, /onVendorRefusal must be true, false or a function/],
    [{ onVendorRefusal: true, events: false }, /onVendorRefusal needs events/],
  ])('%j is refused', (options, message) => {
    expect(() => configureVault(KEY, options as never)).toThrow(message);
  });
});
