import { ownValue } from '../own-properties.js';
import type { TenantDriver } from './limit.js';

/** A driver as the Rust core takes it: the text of each row, or a rejection with a `code` alone. */
export interface PlainDriver {
  query(sql: string, params: (string | null)[], tenant: string | null): Promise<string[]>;
}

/**
 * A driver whose answers and errors are read here. They may be proxies or have getters; one that
 * throws while WebAssembly reads it would end the instance, and with it the calls of other tenants.
 */
export function withPlainAnswers(driver: TenantDriver): PlainDriver {
  return {
    async query(sql, params, tenant) {
      const answer = await answerOf(driver, sql, params, tenant);
      try {
        return readRows(answer);
      } catch {
        throw { code: 'DRIVER_ANSWER' };
      }
    },
  };
}

async function answerOf(
  driver: TenantDriver,
  sql: string,
  params: (string | null)[],
  tenant: string | null,
): Promise<unknown> {
  try {
    return await driver.query(sql, params, tenant);
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
