import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const modules = Object.values<string>(scripts).flatMap(
  (command) => /^node (scripts\/\S+\.mjs)/.exec(command)?.[1] ?? [],
);
const { inputs } = buildSync({
  absWorkingDir: ROOT,
  entryPoints: modules,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outdir: 'unused',
  write: false,
  metafile: true,
  logLevel: 'error',
}).metafile;

/** The packages without which the module does not load, each with the file that imports it. */
function packagesToLoad(file: string, seen: Set<string>): string[] {
  if (seen.has(file)) {
    return [];
  }
  seen.add(file);
  const imports = inputs[file]?.imports.filter(({ kind }) => kind === 'import-statement') ?? [];
  return imports.flatMap(({ path, external }) => {
    if (!external) {
      return packagesToLoad(path, seen);
    }
    return path.startsWith('node:') ? [] : [`${file} imports ${path}`];
  });
}

test('each command loads on a checkout where no package is installed yet', () => {
  expect(modules).toContain('scripts/check.mjs');
  const seen = new Set<string>();
  expect(modules.flatMap((file) => packagesToLoad(file, seen))).toEqual([]);
});
