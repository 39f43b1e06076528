// The oldest SDKs that callers have: Stripe 17, Resend 4, Mux 9. The Jest project puts them in the
// place of the current ones.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeVendors, inputFor, startFakeVendors } from '../kit/fake-vendors';
import { configureVault, KEY, newTenant, saveCredential, vault } from '../kit/vault';

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
  configureVault(KEY, { endpoints: vendors.endpoints });
  tenant = await newTenant();
  for (const service of ['stripe', 'resend', 'mux'] as const) {
    await saveCredential(tenant, service, inputFor(service));
  }
});
afterAll(() => vendors.close());

test('these are the versions under test', () => {
  const major = (name: string) => {
    const file = require.resolve(name).replace(/(node_modules\/[^/]+).*/, '$1/package.json');
    return JSON.parse(readFileSync(file, 'utf8')).version.split('.')[0];
  };
  expect(['stripe', 'resend', '@mux/mux-node'].map(major)).toEqual(['17', '4', '9']);
});

test('Stripe 17', async () => {
  const stripe = await vault.requireTenantStripeClient(tenant);
  expect(await stripe.customers.create({ name: 'A' })).toMatchObject({ id: 'cus_1' });
  await expect(stripe.customers.retrieve('none')).rejects.toThrow();
});

test('Resend 4', async () => {
  const resend = await vault.requireTenantResendClient(tenant);
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Hello', text: 'Hello' };
  expect(await resend.emails.send(mail)).toEqual({ data: { id: 'email_1' }, error: null });
  expect(vendors.requests.at(-1)?.headers.authorization).toBe('Bearer re_right');
  await saveCredential(tenant, 'resend', inputFor('resend', 'wrong'));
  const refused = await (await vault.requireTenantResendClient(tenant)).emails.send(mail);
  expect(refused).toMatchObject({ data: null, error: { message: 'API key is invalid' } });
  await saveCredential(tenant, 'resend', inputFor('resend', 'html'));
  const broken = await (await vault.requireTenantResendClient(tenant)).emails.send(mail);
  expect(broken).toMatchObject({ data: null, error: { name: 'application_error' } });
});

test('Mux 9', async () => {
  const mux = await vault.requireTenantMuxClient(tenant);
  const asset = await mux.video.assets.create({ input: [{ url: 'https://a.example' }] } as never);
  expect(asset).toMatchObject({ id: 'asset_1' });
});
