// How soon a process that is not ours uses a key no longer that this one changed.
//
// At length, 500 changes each way: `npm run fuzz -- --only cut-off --cases 10000`.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createIntegrations } from '@cgk-platform/integrations/native';
import { describe, expect, test } from '@jest/globals';
import { atLength, IS_AT_LENGTH, LENGTH_MS, report } from '../kit/campaign';
import { newDatabase, newSlug, sql } from '../kit/database';
import { percentile } from '../kit/percentile';
import { until } from '../kit/until';

const CHANGES = atLength(10, 0.05);
const MAX_STALE_MS = 200;
const HOUR_MS = 60 * 60_000;

describe.each([
  ['with LISTEN', { isListening: true, maxStaleMs: HOUR_MS, atMostMs: 1_000 }],
  // Besides the age, a question to the database and what the save itself takes.
  ['without', { isListening: false, maxStaleMs: MAX_STALE_MS, atMostMs: MAX_STALE_MS + 800 }],
])('%s', (name, { isListening, maxStaleMs, atMostMs }) => {
  test(
    'every change is seen by another process',
    async () => {
      const databaseUrl = await newDatabase(newSlug());
      const listenUrl = isListening ? databaseUrl : undefined;
      const options = {
        databaseUrl,
        listenUrl,
        encryptionKey: 'ab'.repeat(32),
        tokenFormat: 'v2',
        events: true,
      } as const;
      const vault = createIntegrations(options);
      await vault.createTenant('acme');
      await vault.saveTenantCredential('acme', 'anthropic', { apiKey: 'sk-ant-0' });
      const env = {
        PATH: process.env.PATH,
        JOB: JSON.stringify({ ...options, maxStaleMs, tenant: 'acme' }),
      };
      const child = fork(join(__dirname, '../kit/watching-process.mjs'), { env, execArgv: [] });
      const seen = seenBy(child);
      await until(() => seen.has('sk-ant-0'));
      await until(async () => !isListening || (await isListened(databaseUrl)));
      const times: number[] = [];
      for (let count = 1; count <= CHANGES; count += 1) {
        const key = `sk-ant-${count}`;
        // The time of the save counts, too.
        const start = Date.now();
        await vault.saveTenantCredential('acme', 'anthropic', { apiKey: key });
        await until(() => seen.has(key));
        times.push((seen.get(key) as number) - start);
      }
      child.kill();
      await once(child, 'exit');
      const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
      report({ campaign: `cut-off ${name}`, outcomes: { changes: times.length, p50, p99 } });
      expect(times).toHaveLength(CHANGES);
      if (IS_AT_LENGTH) {
        expect(p99).toBeLessThan(atMostMs);
      }
      await vault.close();
    },
    LENGTH_MS,
  );
});

/** When each key was first used. */
function seenBy(child: ChildProcess): Map<string, number> {
  const seen = new Map<string, number>();
  child.on('message', ({ key, at }: { key: string; at: number }) => seen.set(key, at));
  return seen;
}

async function isListened(url: string): Promise<boolean> {
  const { rows } = await sql(
    `select 1 from pg_stat_activity
     where query = 'listen cgk_integrations' and datname = current_database()`,
    [],
    url,
  );
  return rows.length > 0;
}
