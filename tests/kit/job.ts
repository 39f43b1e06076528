// A Trigger.dev project of a fixture, built by Trigger.dev's own builder, and its tasks.

import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runIn } from './fixtures';

const BUILD_PROJECT = resolve(__dirname, '../jobs/build-project.mjs');

export interface BuiltJob {
  /** What is installed where the tasks run. */
  dependencies: Record<string, string>;
  files: { entry: string; out: string }[];
}

/** Builds a project as `trigger deploy` does. */
export async function buildJob(project: string): Promise<BuiltJob> {
  // Inside the project, so that the bundle finds the packages that it leaves out.
  mkdirSync(join(project, '.trigger'), { recursive: true });
  const output = mkdtempSync(join(project, '.trigger/build-'));
  const printed = await runIn(project, process.execPath, [BUILD_PROJECT, project, output]);
  const { dependencies } = JSON.parse(readFileSync(join(output, 'package.json'), 'utf8'));
  return { dependencies, files: lastLine(printed).files };
}

/** Runs the function `charge` of a built task and gives what it returns. */
export async function runJob(
  files: BuiltJob['files'],
  task: string,
  tenant: string,
  env: NodeJS.ProcessEnv,
): Promise<unknown> {
  const { out = '' } = files.find(({ entry }) => entry === task) ?? {};
  const program = `
    const { charge } = await import('${pathToFileURL(out)}');
    console.log(JSON.stringify(await charge('${tenant}')));
    process.exit(0);
  `;
  return lastLine(
    await runIn(join(out, '..'), process.execPath, ['--input-type=module', '-e', program], env),
  );
}

function lastLine(printed: string) {
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '');
}
