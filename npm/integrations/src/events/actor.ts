// Who makes a change: what events say of it.

import { defaultVault } from '../backend/default-vault.js';
import { environmentVariable } from '../backend/environment.js';
import type { Vault } from '../backend/vault.js';
import { listenUrlOf } from '../clients/listener.js';
import { integrationError } from '../errors.js';
import { ownValue } from '../own-properties.js';
import { readInput } from '../storage/input.js';
import type { Actor, ChangeOptions } from '../types.js';

/** What the Rust core is handed of an event. */
export type Audit = Record<string, unknown>;

/** What is used of Node's `AsyncLocalStorage`. @internal */
export interface ActorStorage {
  run<T>(actor: Actor, work: () => T): T;
  getStore(): Actor | undefined;
}

const MAX_TEXT_CHARACTERS = 200;

let makeStorage: (() => ActorStorage) | undefined;

/** Called by entry points whose runtime keeps a value across `await`. @internal */
export function registerActorStorage(make: () => ActorStorage): void {
  makeStorage = make;
}

/**
 * Runs work whose changes are those of an actor, however deep below: each event names it, unless the
 * call itself has an `actor`. Holds for every vault of the process.
 *
 * Needs a runtime that keeps a value across `await`, as Node does; on the edge pass `actor` to each call.
 *
 * @returns what `work` gives
 * @throws `INPUT_INVALID` for an actor without a type, `RUNTIME_UNSUPPORTED` on the edge, or what `work`
 *   throws
 */
export async function runAs<T>(
  this: unknown,
  actor: Actor,
  work: () => T | Promise<T>,
): Promise<T> {
  const checked = checkActor(actor);
  if (!makeStorage) {
    throw integrationError(
      'RUNTIME_UNSUPPORTED',
      'runAs does not run on this runtime: pass actor as an option of each call',
    );
  }
  defaultVault.actors ??= makeStorage();
  return defaultVault.actors.run(checked, work);
}

/**
 * What the event of a change says besides the change; `undefined` where none are written.
 *
 * @param details JSON that is kept with it
 * @internal
 */
export function auditOf(
  vault: Vault,
  options: ChangeOptions | undefined,
  details?: object,
): Audit | undefined {
  if (!writesEvents(vault)) {
    return undefined;
  }
  const given = ownValue(options, 'actor');
  const actor = given === undefined ? defaultVault.actors?.getStore() : checkActor(given);
  const notifies = listenUrlOf(vault) !== undefined;
  return readInput({ ...actor, ...(details && { details }), ...(notifies && { notifies }) });
}

/** Whether events are written: by the options, or else by the environment. @internal */
export function writesEvents({ options }: Vault): boolean {
  return options.events ?? environmentVariable('INTEGRATION_EVENTS') === 'true';
}

function checkActor(given: unknown): Actor {
  const type = text(ownValue(given, 'type'));
  if (!type) {
    throw integrationError('INPUT_INVALID', 'actor must be an object with a type, such as "user"');
  }
  const actor: Actor = { type };
  for (const name of ['id', 'requestId', 'address'] as const) {
    const value = text(ownValue(given, name));
    if (value) {
      actor[name] = value;
    }
  }
  return actor;
}

/** What a request brings may be anything; a log is read line by line. */
function text(value: unknown): string {
  return typeof value === 'string'
    ? value.replace(/\p{Cc}/gu, ' ').slice(0, MAX_TEXT_CHARACTERS)
    : '';
}
