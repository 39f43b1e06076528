// An empty PGlite. Making one takes two seconds, loading its files a fifth of that, so they are kept
// where other tools keep such things: in `node_modules/.cache`.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const CACHE = join(process.cwd(), 'node_modules/.cache/cgk-integrations');

export async function openEmptyDatabase(): Promise<PGlite> {
  const file = join(CACHE, `pglite-${pgliteVersion()}.tar`);
  return (await load(file)) ?? make(file);
}

async function load(file: string): Promise<PGlite | undefined> {
  try {
    return await PGlite.create({ loadDataDir: new Blob([readFileSync(file)]) });
  } catch {
    // It is not there, or not whole.
    return undefined;
  }
}

async function make(file: string): Promise<PGlite> {
  const database = await PGlite.create();
  const files = await database.dumpDataDir('none');
  // Several test files may do this at once: whoever is last replaces a whole file by a whole file.
  const own = `${file}.${process.pid}-${Math.random()}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(own, new Uint8Array(await files.arrayBuffer()));
    renameSync(own, file);
  } catch {
    // A folder that can not be written to costs time, nothing else.
    rmSync(own, { force: true });
  }
  return database;
}

function pgliteVersion(): string {
  const folder = dirname(require.resolve('@electric-sql/pglite'));
  return JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')).version;
}
