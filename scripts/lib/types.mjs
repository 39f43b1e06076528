// The types of what the build does not compile: the tests, these scripts and the demo.

import { join } from 'node:path';
import { npx, ROOT } from './run.mjs';

const PROJECTS = ['tests', 'scripts', 'npm/demo'];

/** Throws if a project has an error. What did not change since the last time is not checked again. */
export async function checkTypes() {
  for (const project of PROJECTS) {
    const known = join(ROOT, 'target/types', `${project.replace('/', '-')}.tsbuildinfo`);
    const args = ['-p', project, '--incremental', '--tsBuildInfoFile', known];
    await npx('typescript/bin/tsc', args);
  }
}
