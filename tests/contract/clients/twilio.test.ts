import { expect } from '@jest/globals';
import { TWILIO_ACCOUNT } from '../../../npm/integrations/src/testing/vendor-answers';
import { callClient } from '../../kit/client-calls';
import { tenant, testOnNode, vendors } from '../../kit/client-tests';
import { saveCredential } from '../../kit/vault';

testOnNode('an API key is used for the account that it is of', async () => {
  await saveCredential(tenant, 'twilio', {
    apiKey: 'SK0123456789abcdef0123456789abcdef',
    apiSecret: 'token-right',
    metadata: { accountSid: TWILIO_ACCOUNT },
  });
  expect(await callClient('twilio', tenant)).toMatchObject({ sid: 'SM1' });
  const { url, headers } = vendors.requests[0] ?? {};
  expect(url).toBe(`/2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`);
  expect(atob(headers?.authorization?.split(' ')[1] ?? '')).toBe(
    'SK0123456789abcdef0123456789abcdef:token-right',
  );
});
