// What `npm start` shows first works: each backend reads what the other has saved, in one process.

import { afterEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type * as Demonstration from '../../scripts/lib/demonstration.mjs';
import { databaseUrl } from '../kit/database';

afterEach(() => {
  jest.restoreAllMocks();
});

test('the demonstration reads on each backend what the other has saved, and shows no secret of a row', async () => {
  const { demonstrate }: typeof Demonstration = await import('../../scripts/lib/demonstration.mjs');
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const pool = new pg.Pool({ connectionString: databaseUrl() });
  try {
    await demonstrate(databaseUrl(), pool, 'demonstration-master-key-0123456789abcd');
  } finally {
    await pool.end();
  }
  const shown = (call: string) => lines.find((line) => line.includes(call)) ?? '';
  expect(shown("wasm   getTenantStripeSecretKey('rawdog')")).toMatch(/"sk_test_demo"$/);
  expect(shown("native getTenantApiKeyAndSecret('rawdog', 'mux')")).toContain('demo-token-secret');
  expect(shown('secret_key_encrypted ')).not.toContain('sk_test_demo');
  expect(shown("native getTenantStripeSecretKey('acme')")).toMatch(/null$/);
});
