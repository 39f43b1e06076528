import type { IntegrationErrorCode } from './generated/types.js';
import { ownValue } from './own-properties.js';

/**
 * An `Error` with a stable `code`, as both backends throw them.
 *
 * Comments of functions name the codes that are theirs. Any may throw what is about the whole:
 * `CONFIG_INVALID`, `RUNTIME_UNSUPPORTED`, `ADDON_UNAVAILABLE`, `WASM_UNAVAILABLE`, `INTERNAL`; and where
 * they say `DATABASE_…`, also `PERMISSION_DENIED`, `SCHEMA_MISMATCH` and `DRIVER_INVALID`.
 */
export interface IntegrationError extends Error {
  code: IntegrationErrorCode;
  /** What is wrong with an input, by the name of the field. */
  fields?: Record<string, string>;
}

/** Marks the errors of this package, in every realm, module format and copy of it. */
const BRAND = Symbol.for('@cgk-platform/integrations/error');

/** The form of the codes. What the addon's own machinery throws has codes of another one. */
const CODE = /^[A-Z][A-Z0-9_]*$/;

/**
 * Whether a caught value is an error of this package, so that its `code` can be relied on. An error
 * of others is none, whatever its `code`. Never throws.
 *
 * @returns whether it is one
 */
export function isIntegrationError(error: unknown): error is IntegrationError {
  // Not `instanceof`: the error may come from another realm.
  return ownValue(error, BRAND) === true && typeof ownValue(error, 'code') === 'string';
}

/** @internal */
export function integrationError(
  code: IntegrationErrorCode,
  message: string,
  fields?: Record<string, string>,
): IntegrationError {
  const error = new Error(message);
  define(error, 'code', code, true);
  if (fields) {
    define(error, 'fields', { ...fields }, true);
  }
  define(error, BRAND, true, false);
  return error as IntegrationError;
}

/**
 * An error that the Rust core threw, made again in the realm of the caller: an addon makes its own in
 * the main realm, which is another one under Jest.
 *
 * @internal
 */
export function coreError(error: unknown): IntegrationError {
  if (isIntegrationError(error)) {
    return error;
  }
  const code = ownValue(error, 'code');
  if (typeof code !== 'string' || !CODE.test(code)) {
    return integrationError('INTERNAL', 'Internal error in the credential vault');
  }
  const fields = ownValue(error, 'fields') as Record<string, string> | undefined;
  return integrationError(code as IntegrationErrorCode, String(ownValue(error, 'message')), fields);
}

function define(error: Error, name: PropertyKey, value: unknown, enumerable: boolean): void {
  const descriptor = { __proto__: null, value, enumerable, configurable: true, writable: true };
  Object.defineProperty(error, name, descriptor);
}
