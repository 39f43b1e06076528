// A server in a Node process of its own, on loopback.

import { spawn } from 'node:child_process';

const START_TIMEOUT_MS = 60_000;

/**
 * @typedef {object} ServerProcess
 * @property {() => Promise<void>} stop
 * @property {Promise<void>} ended resolves once it is stopped, rejects if it ends by itself
 * @property {() => string} log what it printed so far
 */

/**
 * Starts a server and waits until it answers.
 *
 * @param {string} name for errors
 * @param {string[]} args the script and its arguments
 * @param {{ url: string, env: NodeJS.ProcessEnv, cwd?: string }} options `url` is what is asked for
 * @returns {Promise<ServerProcess>}
 */
export async function startServerProcess(name, args, { url, env, cwd }) {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  let log = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk) => {
      log += chunk;
    });
  }
  let stopping = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      stopping
        ? resolve()
        : reject(new Error(`${name} ended with ${code ?? signal}:\n${log.slice(-2_000)}`)),
    );
  });
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    await ended;
  };
  // Whoever awaits it later still gets the rejection.
  ended.catch(() => {});
  try {
    await Promise.race([ended, untilAnswered(name, url)]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return { stop, ended, log: () => log };
}

/**
 * @param {string} name
 * @param {string} url
 */
async function untilAnswered(name, url) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      await fetch(url, { signal: AbortSignal.timeout(5_000) });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`${name} did not answer within ${START_TIMEOUT_MS / 1000} seconds`);
}
