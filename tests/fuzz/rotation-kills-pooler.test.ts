// The same as tests/fuzz/rotation-kills.test.ts, through PgBouncer in transaction mode.

import { afterAll } from '@jest/globals';
import { describeWithPooler, type Pooler, startPooler } from '../kit/pooler';
import { rotationKills } from '../kit/rotation-kills';

describeWithPooler('through PgBouncer (skipped if pgbouncer is not installed)', () => {
  let pooler: Pooler;

  rotationKills({
    name: 'rotation-kills-pooler',
    share: 0.002,
    tenants: [6, 100],
    async connect(url) {
      pooler = await startPooler(url);
      return { databaseUrl: pooler.url };
    },
  });

  afterAll(() => pooler?.stop());
});
