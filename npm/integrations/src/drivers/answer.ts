import { ownValue } from '../own-properties.js';
import type { DatabaseDriver } from '../types.js';

/** A driver as the Rust core takes it: the text of each row, or a rejection with a `code` alone. */
interface PlainDriver {
  query(sql: string, params: (string | null)[]): Promise<string[]>;
}

/**
 * A driver whose answers and errors are read here. They may be proxies or have getters; one that
 * throws while WebAssembly reads it would end the instance, and with it the calls of other tenants.
 */
export function withPlainAnswers(driver: DatabaseDriver): PlainDriver {
  return {
    async query(sql, params) {
      const answer = await answerOf(driver, sql, params);
      try {
        return readRows(answer);
      } catch {
        throw { code: 'DRIVER_ANSWER' };
      }
    },
  };
}

async function answerOf(
  driver: DatabaseDriver,
  sql: string,
  params: (string | null)[],
): Promise<unknown> {
  try {
    return await driver.query(sql, params);
  } catch (error) {
    // The SQLSTATE is there. The driver's texts are dropped: they may quote values.
    throw { code: ownValue(error, 'code') };
  }
}

/** Rows of one text column, as an array or as `{ rows }`; a row may be an object or an array. */
function readRows(answer: unknown): string[] {
  const rows = Array.isArray(answer) ? answer : ownValue(answer, 'rows');
  if (!Array.isArray(rows)) {
    throw new TypeError('no rows');
  }
  return Array.from(rows, readRow);
}

function readRow(row: unknown): string {
  const values: unknown[] = typeof row === 'object' && row !== null ? Object.values(row) : [];
  const [text] = values;
  if (values.length !== 1 || typeof text !== 'string') {
    throw new TypeError('not one text');
  }
  return text;
}
