import { expect, test } from '@jest/globals';
import { connect, tenant, vendors } from '../../kit/client-tests';
import { vault } from '../../kit/vault';

test('the methods that callers had before', async () => {
  await connect('anthropic');
  const client = await vault.requireTenantAnthropicClient(tenant);
  expect(client.apiKey).toBe('sk-ant-right');
  const params = { model: 'a-model', max_tokens: 5, messages: [] };
  const message = await client.createMessage(params);
  expect(message).toMatchObject({ id: 'msg_1', content: [{ type: 'text', text: 'Hello' }] });
  expect(JSON.parse(vendors.requests[0]?.body ?? '')).toMatchObject(params);
});
