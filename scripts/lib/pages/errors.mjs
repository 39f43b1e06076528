// The generated part of docs/errors.md: each code, what it means and what to do.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { table } from './markdown.mjs';

/** @returns {Promise<string>} the table of all codes */
export async function errorsTable() {
  const codes = await errorCodes();
  return table(
    ['`code`', 'meaning', 'what to do'],
    codes.map(({ code, meaning, remedy }) => [`\`${code}\``, meaning, remedy]),
  );
}

/** @returns {Promise<{ code: string, meaning: string, remedy: string }[]>} */
async function errorCodes() {
  const folder = mkdtempSync(join(tmpdir(), 'cgk-errors-'));
  try {
    const file = join(folder, 'errors.json');
    await run('cargo', ['run', '-q', '-p', 'cgk-codegen', '--', 'errors', file]);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
