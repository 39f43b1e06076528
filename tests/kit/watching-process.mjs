// A process that uses a client and says when it has another key.

import { createIntegrations } from '@cgk-platform/integrations/native';

const { tenant, ...options } = JSON.parse(process.env.JOB ?? '');
const vault = createIntegrations(options);
for (let last; ; ) {
  const key = (await vault.getTenantAnthropicClient(tenant))?.apiKey;
  if (key !== last) {
    last = key;
    process.send?.({ key, at: Date.now() });
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
