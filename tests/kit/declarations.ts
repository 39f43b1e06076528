// Programs that are type-checked against the package's declarations, in a project of their own.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './fixtures';

/** The ways in which TypeScript finds a package: what it is called, a file of that kind, and options. */
export const RESOLUTIONS: [name: string, file: string, options: string[]][] = [
  ['an ES module for Node', 'module.mts', ['--module', 'node16']],
  ['CommonJS for Node', 'common.cts', ['--module', 'node16']],
  ['a bundler', 'bundler.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['classic resolution', 'classic.ts', ['--module', 'commonjs', '--moduleResolution', 'node10']],
];

/** Checks `program.ts` of a folder as a file of another kind; gives what the compiler says. */
export function typeCheck(folder: string, file: string, options: string[]): Promise<string> {
  cpSync(join(folder, 'program.ts'), join(folder, file));
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--esModuleInterop'];
  const rest = ['--target', 'es2022', '--types', 'node', file];
  return runScript(folder, 'typescript/bin/tsc', [...strict, ...options, ...rest]);
}
