// The same as tests/fuzz/rotation-kills.test.ts, over HTTP as Neon answers, by WebAssembly.

import { afterAll } from '@jest/globals';
import { type NeonProxy, startNeonProxy } from '../kit/neon-proxy';
import { rotationKills } from '../kit/rotation-kills';

let proxy: NeonProxy;

rotationKills({
  name: 'rotation-kills-neon',
  share: 0.002,
  tenants: [6, 100],
  async connect(databaseUrl) {
    proxy = await startNeonProxy(databaseUrl);
    return { databaseUrl, neonEndpoint: proxy.endpoint };
  },
});

afterAll(() => proxy?.close());
