import { expect, test } from '@jest/globals';
import { connect, tenant, vendors } from '../../kit/client-tests';
import { VERSION } from '../../kit/package-version';
import { vault } from '../../kit/vault';

test('the API is called in a pinned version, and gets nothing but the call', async () => {
  await connect('stripe');
  const stripe = await vault.requireTenantStripeClient(tenant);
  await stripe.customers.create({ name: 'A' });
  await stripe.customers.create({ name: 'B' });
  for (const { headers } of vendors.requests) {
    expect(headers['stripe-version']).toMatch(/^\d{4}-\d\d-\d\d/);
    expect(headers['user-agent']).toContain(`@cgk-platform/integrations/${VERSION}`);
    // The second request would tell how long the first took.
    expect(headers).not.toHaveProperty('x-stripe-client-telemetry');
  }
});
