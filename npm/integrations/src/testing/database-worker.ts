// PGlite on a thread of its own: it imports its parts dynamically, which Jest does not allow where
// tests run.

import { parentPort } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import type { DatabaseReply, DatabaseRequest } from './database.js';
import { openEmptyDatabase } from './empty-database.js';

const database = openEmptyDatabase();

parentPort?.on('message', async ({ id, sql, params }: DatabaseRequest) => {
  const reply = await answer(await database, sql, params);
  parentPort?.postMessage({ id, ...reply } satisfies DatabaseReply);
});

async function answer(database: PGlite, sql: string, params: (string | null)[] | null) {
  try {
    if (params) {
      return { rows: (await database.query(sql, params)).rows };
    }
    await database.exec(sql);
    return { rows: [] };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { error: { code, message } };
  }
}
