// What works but should not stay as it is, reported once per process.

import { loadedBackend } from './backend.js';
import type { CoreStore } from './operations.js';
import type { Vault } from './vault.js';

/** What was reported already, by all copies of this module in the process. */
const REPORTED = Symbol.for('@cgk-platform/integrations/warnings');

const SURROUNDED = /^[\s"'`]|[\s"'`]$/;

/** Warns where the database may be another one than the right one. */
export function warnOfUnverifiedServer(vault: Vault, store: CoreStore): void {
  // A WebAssembly instance connects to nothing, and one that failed should not be asked.
  if (
    !IS_EDGE_BUILD &&
    loadedBackend(vault).info.backend === 'native' &&
    store.isServerUnverified()
  ) {
    warnOnce(
      'DATABASE_UNVERIFIED',
      'The database is reached over a public network and its certificate is not verified, so that ' +
        'another server could take its place: set sslmode=verify-full in POSTGRES_URL',
    );
  }
}

/** Warns of what was copied along with a key. It is never taken off: it may have been used so. */
export function warnOfSurroundedKey(key: string | undefined): void {
  if (key !== undefined && SURROUNDED.test(key)) {
    warnOnce(
      'KEY_SURROUNDED',
      'INTEGRATION_ENCRYPTION_KEY begins or ends with white space or a quotation mark, which is ' +
        'taken as a part of the key: another program may read it without, and then as another key. ' +
        'Take it off only if nothing has been encrypted with this key',
    );
  }
}

/** Warns that changes of other processes are not heard at once. */
export function warnOfListening(reason: string): void {
  warnOnce(
    'LISTEN_UNSUPPORTED',
    `Changes of credentials are not heard at once, because ${reason}. They are found by asking, as maxStaleMs has it`,
  );
}

function warnOnce(code: string, message: string): void {
  const reported = reportedAlready();
  if (reported.has(code)) {
    return;
  }
  reported.add(code);
  if (typeof process !== 'undefined' && typeof process.emitWarning === 'function') {
    process.emitWarning(message, { type: 'SecurityWarning', code });
  } else {
    console.warn(`[${code}] ${message}`);
  }
}

function reportedAlready(): Set<string> {
  if (!Object.hasOwn(globalThis, REPORTED)) {
    Object.defineProperty(globalThis, REPORTED, { value: new Set<string>() });
  }
  return Reflect.get(globalThis, REPORTED) as Set<string>;
}
