import { existsSync, readFileSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import type * as Postgres from '../kit/postgres.mjs';
import { temporaryFolder } from '../kit/temporary.cjs';

const load = (): Promise<typeof Postgres> => import('../kit/postgres.mjs');

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function withPassword(url: string, password: string): string {
  return Object.assign(new URL(url), { password }).href;
}

/** What other users of this computer can read while a server is made. */
function watchPasswordFiles(): { seen: string[]; close(): void } {
  const seen: string[] = [];
  const watcher = watch(tmpdir(), (_, name) => {
    const path = join(tmpdir(), name ?? '');
    if (name?.startsWith('pg-password-') && existsSync(path)) {
      seen.push(readFileSync(path, 'utf8'));
    }
  });
  return { seen, close: () => watcher.close() };
}

test('nobody gets into the embedded server with a known, a seen or a former password', async () => {
  const { startPostgres } = await load();
  const directory = join(temporaryFolder('postgres'), 'data');
  const files = watchPasswordFiles();
  const first = await startPostgres({ directory, isNew: true, persistent: true });
  files.close();
  const refused = { code: '28P01' };
  try {
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const seen = files.seen.map((content) => content.trim()).filter(Boolean);
    expect(seen).toContainEqual(expect.stringMatching(/^SCRAM-SHA-256\$/));
    for (const password of ['postgres', 'password', ...seen]) {
      await expect(query(withPassword(first.url, password), 'select 1')).rejects.toMatchObject(
        refused,
      );
    }
  } finally {
    await first.stop();
  }
  const second = await startPostgres({ directory, isNew: false, persistent: true });
  try {
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const former = new URL(first.url).password;
    await expect(query(withPassword(second.url, former), 'select 1')).rejects.toMatchObject(
      refused,
    );
  } finally {
    await second.stop();
  }
});
