// The tables that the tenants of the test file share are partitioned.

import { createIntegrations } from '@cgk-platform/integrations/native';
import { beforeAll } from '@jest/globals';
import { databaseUrl, sql } from './database';
import type * as Partitions from './partitions.mjs';

beforeAll(async () => {
  const { partitioningSql } = (await import('./partitions.mjs')) as typeof Partitions;
  const vault = createIntegrations({ databaseUrl: databaseUrl(), encryptionKey: 'ab'.repeat(32) });
  await vault.migrateTenants();
  await sql(partitioningSql({ schema: process.env.INTEGRATION_SHARED_SCHEMA as string }));
  await vault.migrateTenants();
  await vault.close();
});
