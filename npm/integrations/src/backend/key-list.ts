// Several keys in one variable of the environment.

import { integrationError } from '../errors.js';
import { environmentVariable } from './environment.js';

/** The keys of a variable: one key, or a JSON array of them where it starts with `[`. */
export function keyList(variable: string): string[] {
  const text = environmentVariable(variable);
  if (!text) {
    return [];
  }
  if (!text.startsWith('[')) {
    checkNoList(variable, text);
    return [text];
  }
  const keys = parseArray(text);
  if (!keys) {
    throw integrationError(
      'KEY_INVALID',
      `${variable} must be one key or a JSON array of strings, such as ["first","second"]`,
    );
  }
  return keys;
}

/** A key as the script and `generateEncryptionKey` make it. */
const GENERATED = /^\s*([\da-f]{64}|[a-z\d+/]{43}=)\s*$/i;

/** A comma may be part of a key, but not where generated ones stand on each side. */
function checkNoList(variable: string, text: string): void {
  const parts = text.split(',');
  if (parts.length > 1 && parts.every((part) => GENERATED.test(part))) {
    throw integrationError(
      'KEY_INVALID',
      `${variable} holds keys with commas in between: several keys are a JSON array of strings, such as ["first","second"]`,
    );
  }
}

function parseArray(text: string): string[] | undefined {
  try {
    const keys: unknown = JSON.parse(text);
    return Array.isArray(keys) && keys.every((key) => typeof key === 'string') ? keys : undefined;
  } catch {
    return undefined;
  }
}
