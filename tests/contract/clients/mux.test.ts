import { expect, test } from '@jest/globals';
import { tenant } from '../../kit/client-tests';
import { rejection, saveCredential, vault } from '../../kit/vault';

test('without its second secret it has no client', async () => {
  await saveCredential(tenant, 'mux', { apiKey: 'id' });
  expect(await vault.getTenantMuxClient(tenant)).toBeNull();
  expect((await rejection(vault.requireTenantMuxClient(tenant)))[0]).toBe('NOT_CONFIGURED');
});
