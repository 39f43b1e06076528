// An empty PGlite. Making one takes two seconds; with the optional package that brings its files, a
// third of that.

import { PGlite } from '@electric-sql/pglite';

export async function openEmptyDatabase(): Promise<PGlite> {
  const files = await preparedFiles();
  return PGlite.create(files ? { loadDataDir: files } : {});
}

async function preparedFiles(): Promise<Blob | undefined> {
  try {
    const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
    return await dataDir();
  } catch {
    return undefined;
  }
}
