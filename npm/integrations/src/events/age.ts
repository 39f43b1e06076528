// How long a key may be used, as its save says.

import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
import { ownValue } from '../own-properties.js';
import { writesEvents } from './actor.js';

/** What is kept with the event of a save. */
export interface Age {
  /** Milliseconds since 1970. */
  expiresAt?: number;
  rotateAfterDays?: number;
}

/** What the options of a save say of the age of its key; `undefined` where they say nothing. */
export function ageOf(vault: Vault, options: object | undefined): Age | undefined {
  const expiresAt = ownValue(options, 'expiresAt');
  const rotateAfterDays = ownValue(options, 'rotateAfterDays');
  if (expiresAt === undefined && rotateAfterDays === undefined) {
    return undefined;
  }
  if (!writesEvents(vault)) {
    throw invalid('expiresAt and rotateAfterDays need events: true');
  }
  const age: Age = {};
  if (expiresAt !== undefined) {
    age.expiresAt = millisecondsOf(expiresAt);
  }
  if (rotateAfterDays !== undefined) {
    if (!Number.isSafeInteger(rotateAfterDays) || (rotateAfterDays as number) < 1) {
      throw invalid('rotateAfterDays must be a positive integer');
    }
    age.rotateAfterDays = rotateAfterDays as number;
  }
  return age;
}

/** Of a date, also one of another realm. */
function millisecondsOf(date: unknown): number {
  try {
    const time = Date.prototype.getTime.call(date);
    if (!Number.isNaN(time)) {
      return time;
    }
  } catch {
    // No date.
  }
  throw invalid('expiresAt must be a date');
}

function invalid(message: string): Error {
  return integrationError('INPUT_INVALID', message);
}
