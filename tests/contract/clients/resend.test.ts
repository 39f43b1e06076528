import { describe, expect, test } from '@jest/globals';
import { tenant } from '../../kit/client-tests';
import { vault } from '../../kit/vault';

describe('who mail comes from', () => {
  test.each([
    [{}, null],
    [{ defaultFromName: 'Rawdog' }, null],
    [{ defaultFromEmail: 'shop@example.com' }, { from: 'shop@example.com' }],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Rawdog', defaultReplyTo: 'a@b.co' },
      { from: 'Rawdog <shop@example.com>', replyTo: 'a@b.co' },
    ],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Raw "dog", <Inc.>' },
      { from: '"Raw \\"dog\\", <Inc.>" <shop@example.com>' },
    ],
    [
      { defaultFromEmail: 'shop@example.com', defaultFromName: 'Müller & Söhne' },
      { from: 'Müller & Söhne <shop@example.com>' },
    ],
  ])('%j', async (fields, sender) => {
    await vault.saveTenantResendConfig(tenant, { apiKey: 're_right', ...fields });
    expect(await vault.getTenantResendSenderConfig(tenant)).toEqual(sender);
  });
});
