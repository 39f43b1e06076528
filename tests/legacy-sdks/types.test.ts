// The types of the oldest SDKs that callers have, in the place of the current ones.

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runIn } from '../kit/fixtures';

const TSC = join(__dirname, '../../node_modules/typescript/bin/tsc');

test('callers’ code type-checks with Stripe 17, Resend 4 and Mux 9', async () => {
  const files = await runIn(__dirname, process.execPath, [TSC, '-p', '.', '--listFiles']);
  for (const name of ['stripe-17', 'resend-4', 'mux-node-9']) {
    expect(files).toContain(`/node_modules/${name}/`);
  }
  for (const name of ['stripe', 'resend', '@mux/mux-node']) {
    expect(files).not.toContain(`/node_modules/${name}/`);
  }
});
