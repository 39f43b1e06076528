// A process that changes a credential again and again until it is killed.

import { createIntegrations } from '@cgk-platform/integrations/native';

const { databaseUrl, encryptionKey, tenant } = JSON.parse(process.env.JOB ?? '');
const vault = createIntegrations({ databaseUrl, encryptionKey, events: true, tokenFormat: 'v2' });
for (let count = 0; ; count += 1) {
  await vault.saveTenantCredential(tenant, 'openai', { apiKey: `sk-${count}` });
  if (count % 5 === 0) {
    await vault.deleteTenantCredential(tenant, 'openai');
  }
  process.send?.(count);
}
