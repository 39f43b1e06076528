import { expect, test } from '@jest/globals';
import { tenant } from '../../kit/client-tests';
import { rejection, saveCredential, vault } from '../../kit/vault';

test('without its account it has no client', async () => {
  const r2 = { apiKey: 'id', apiSecret: 'secret', metadata: { bucket: 'media' } };
  await saveCredential(tenant, 'cloudflare_r2', r2);
  const [code, message] = await rejection(vault.getTenantCloudflareR2Client(tenant));
  expect([code, message]).toEqual([
    'CREDENTIAL_INCOMPLETE',
    'Cloudflare R2 is connected without its Account ID: save it as metadata.accountId',
  ]);
});
