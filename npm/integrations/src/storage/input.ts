// The inputs of callers, read once and here: what is checked is what is stored, and a getter or
// proxy that throws does so in front of the Rust core, where it would end a WebAssembly instance.

import { integrationError } from '../errors.js';
import { ownProperties } from '../own-properties.js';

/** Bytes of a text or an input that the Rust core is given at most: 1 MiB. */
export const MAX_BYTES = 1024 * 1024;

/** The Rust core finds it to be of a wrong type, whatever the type of the field. */
const UNUSABLE = Symbol('neither text nor JSON');

/** What {@link readInput} made. Nothing else is asked of an object, because a proxy could answer. */
const checkedInputs = new WeakSet<object>();

/**
 * An input as plain data that inherits nothing: its own enumerable properties, with objects as JSON
 * has them. What is no object is left to the Rust core, which says so; what was read already is given
 * back.
 *
 * Throws `INPUT_INVALID` where reading throws, and for more than 1 MiB.
 */
export function readInput<T>(input: T): T {
  if (typeof input !== 'object' || input === null || checkedInputs.has(input)) {
    return input;
  }
  const { isArray, properties } = read(input);
  const fields = properties.map(([name, value]) => [name, plain(value)] as const);
  if (isArray) {
    return checked([]) as T;
  }
  const length = fields.reduce((sum, [name, { length }]) => sum + name.length + length, 0);
  if (length > MAX_BYTES) {
    throw integrationError('INPUT_INVALID', 'The input must not be larger than 1 MiB');
  }
  const plainInput = Object.create(null);
  for (const [name, { value }] of fields) {
    plainInput[name] = value;
  }
  return checked(plainInput);
}

/** An input, as {@link readInput} gives it, without the id of its service, which the call names already. */
export function withoutService<T>(input: T): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return input;
  }
  const fields: T & { serviceName?: unknown } = ownProperties(input);
  delete fields.serviceName;
  return checked(fields);
}

function checked<T extends object>(input: T): T {
  checkedInputs.add(input);
  return input;
}

/**
 * An argument of the Rust core, which reads the properties of objects: one that {@link readInput} did
 * not make stands where none belongs, and is handed over as what fits nowhere.
 */
export function coreArgument(value: unknown): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && !checkedInputs.has(value) ? UNUSABLE : value;
}

function read(input: object): { isArray: boolean; properties: [string, unknown][] } {
  try {
    return { isArray: Array.isArray(input), properties: Object.entries(input) };
  } catch {
    throw integrationError(
      'INPUT_INVALID',
      'The input cannot be read: one of its properties throws',
    );
  }
}

/** A value, and how long it is as text. */
function plain(value: unknown): { value: unknown; length: number } {
  if (typeof value !== 'object' || value === null) {
    return { value, length: typeof value === 'string' ? value.length : 0 };
  }
  try {
    const json = JSON.stringify(value);
    const copy: unknown = JSON.parse(json);
    // A date or a boxed string is text as JSON, and none here.
    return { value: typeof copy === 'object' ? copy : UNUSABLE, length: json.length };
  } catch {
    return { value: UNUSABLE, length: 0 };
  }
}
