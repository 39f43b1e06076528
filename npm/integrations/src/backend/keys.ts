// The keys that a configuration writes and reads with, from its options and the environment.

import { integrationError, isIntegrationError } from '../errors.js';
import type { TokenFormat } from '../types.js';
import { environmentVariable } from './environment.js';
import { keyList } from './key-list.js';
import type { Vault } from './vault.js';
import { warnOfSurroundedKey } from './warnings.js';

/** The keys as the Rust core takes them. */
export interface CoreKeys {
  /** The key that writes. */
  current: string | undefined;
  /** Keys that only read: other processes write with them already. */
  next: readonly string[];
  /** Keys that only read: values are still under them. */
  previous: readonly string[];
  format: TokenFormat;
  /** Which of the first three are options and not environment variables. */
  options: readonly ('current' | 'next' | 'previous')[];
}

/** A question to the function that gives the key. */
export interface AskedKey {
  source: () => string | Promise<string>;
  /** When it was asked, in milliseconds since 1970. */
  at: number;
  /** The key, once there is an answer. */
  key: string | undefined;
  /** Until there is one. */
  answered?: Promise<void> | undefined;
}

/** The names of the formats, in the order in which a platform goes through them. */
export const TOKEN_FORMATS: readonly TokenFormat[] = ['v1', 'v2', 'v2-only'];

/**
 * The keys of now. The environment is read each time, so that a changed key takes effect at once; a
 * key that a function gives has to be {@link askForKey asked for} first.
 */
export function keysOf(vault: Vault): CoreKeys {
  const { encryptionKey, nextEncryptionKeys, previousEncryptionKeys, tokenFormat } = vault.options;
  const current = currentKey(vault);
  warnOfSurroundedKey(current);
  const given = {
    current: encryptionKey,
    next: nextEncryptionKeys,
    previous: previousEncryptionKeys,
  };
  const names = ['current', 'next', 'previous'] as const;
  return {
    current,
    next: nextEncryptionKeys ?? keyList('INTEGRATION_ENCRYPTION_KEY_NEXT'),
    previous: previousEncryptionKeys ?? keyList('INTEGRATION_ENCRYPTION_KEY_PREVIOUS'),
    format: tokenFormat ?? configuredFormat(),
    options: names.filter((name) => given[name] !== undefined),
  };
}

/**
 * Asks for the key where a function gives it: once, and again when its answer is older than
 * `encryptionKeyTtlMs`. Concurrent calls share the question, and a failure is not remembered.
 *
 * @returns what to wait for; `undefined` if the key is there, so that a call begins at once
 */
export function askForKey(vault: Vault): Promise<void> | undefined {
  const { encryptionKey, encryptionKeyTtlMs = Number.POSITIVE_INFINITY } = vault.options;
  if (typeof encryptionKey !== 'function') {
    return undefined;
  }
  const asked = vault.askedKey;
  if (asked?.source === encryptionKey && Date.now() - asked.at < encryptionKeyTtlMs) {
    return asked.answered;
  }
  const question: AskedKey = { source: encryptionKey, at: Date.now(), key: undefined };
  vault.askedKey = question;
  question.answered = answer(vault, question);
  return question.answered;
}

async function answer(vault: Vault, question: AskedKey): Promise<void> {
  try {
    question.key = await ask(question.source);
    question.answered = undefined;
  } catch (error) {
    if (vault.askedKey === question) {
      vault.askedKey = undefined;
    }
    throw error;
  }
}

function currentKey(vault: Vault): string | undefined {
  const { encryptionKey } = vault.options;
  if (typeof encryptionKey === 'function') {
    return vault.askedKey?.source === encryptionKey ? vault.askedKey.key : undefined;
  }
  return encryptionKey ?? environmentVariable('INTEGRATION_ENCRYPTION_KEY');
}

async function ask(source: () => string | Promise<string>): Promise<string> {
  let key: unknown;
  try {
    key = await source();
  } catch (error) {
    // What the function throws may hold the key, or how to get it.
    const code = isIntegrationError(error) ? ` (${error.code})` : '';
    throw unavailable(`it failed${code}`);
  }
  if (typeof key !== 'string') {
    throw unavailable('it gave no string');
  }
  return key;
}

function configuredFormat(): TokenFormat {
  const text = environmentVariable('INTEGRATION_TOKEN_FORMAT') || 'v1';
  const format = TOKEN_FORMATS.find((format) => format === text);
  if (!format) {
    throw integrationError(
      'CONFIG_INVALID',
      `INTEGRATION_TOKEN_FORMAT must be one of ${TOKEN_FORMATS.join(', ')}`,
    );
  }
  return format;
}

function unavailable(reason: string): Error {
  return integrationError(
    'KEY_UNAVAILABLE',
    `The function encryptionKey gave no key, because ${reason}: the next call asks it again`,
  );
}
