import { expect, test } from '@jest/globals';
import { connect, tenant, vendors } from '../../kit/client-tests';
import { inputFor } from '../../kit/fake-vendors';
import { saveCredential, vault } from '../../kit/vault';

test('the methods that callers had before', async () => {
  await connect('openai');
  const client = await vault.requireTenantOpenAIClient(tenant);
  expect(client.apiKey).toBe('sk-right');
  const completion = await client.createChatCompletion({ model: 'a-model', messages: [] });
  expect(completion.choices[0]?.message.content).toBe('Hello');
  const embedding = await client.createEmbedding('Hello');
  expect(embedding).toMatchObject({ object: 'list', usage: { total_tokens: 1 } });
  expect([...(embedding.data[0]?.embedding ?? [])]).toEqual([0.5]);
  expect(JSON.parse(vendors.requests[1]?.body ?? '')).toMatchObject({
    input: 'Hello',
    model: 'text-embedding-3-small',
  });
});

test('the organization and project of a credential are sent', async () => {
  await saveCredential(tenant, 'openai', {
    ...inputFor('openai'),
    metadata: { organization: 'org-1', project: 'proj_1' },
  });
  await (await vault.requireTenantOpenAIClient(tenant)).createEmbedding('Hello');
  expect(vendors.requests[0]?.headers).toMatchObject({
    'openai-organization': 'org-1',
    'openai-project': 'proj_1',
  });
});
