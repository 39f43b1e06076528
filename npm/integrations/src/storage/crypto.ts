import { callCore, callCoreNow } from '../backend/call-core.js';
import { vaultOf } from '../backend/default-vault.js';
import { environmentVariable } from '../backend/environment.js';
import { keyList } from '../backend/key-list.js';
import { integrationError, isIntegrationError } from '../errors.js';
import { MAX_BYTES, readInput } from './input.js';

/** Characters of the longest token: two for each byte of the plaintext, and at most 99 before them. */
const MAX_TOKEN_LENGTH = 2 * MAX_BYTES + 99;

/** The place of a value, which a token of format v2 is bound to: at another one it does not open. */
export interface TokenContext {
  tenantId: string;
  /** The id of the service. */
  service: string;
  /** The name of the input field, such as `secretKey`. */
  field: string;
}

/** How {@link encryptToken} writes; the place is for format v2, all of it or nothing. */
export interface EncryptTokenOptions extends Partial<TokenContext> {
  /** `v1` if left out, which every version of this package reads. */
  format?: 'v1' | 'v2';
}

/**
 * Encrypts a string into a token. Without options it is one of v1, `<salt>:<iv>:<authTag>:<data>` in
 * hex: AES-256-GCM under a key that PBKDF2 derives from `key` and a fresh salt. Takes about ten
 * milliseconds off the main thread.
 *
 * With `format: 'v2'` it is `v2.<key id>.<body>`, which takes microseconds, commits to its key and is
 * bound to the place that the options name, if they do. It takes generated keys only.
 *
 * @returns the token
 * @throws `KEY_INVALID` for a key under 32 characters, and under v2 for one that was not generated,
 *   `INPUT_INVALID` for other options and for a plaintext of more than 1 MiB, `TENANT_INVALID`
 */
export async function encryptToken(
  this: unknown,
  plaintext: string,
  key: string,
  options?: EncryptTokenOptions,
): Promise<string> {
  checkPlaintext(plaintext);
  return callCore(vaultOf(this), (core) => core.encryptToken(plaintext, key, readInput(options)));
}

/**
 * Decrypts a token. For v1 the derived key is cached: the next time takes microseconds.
 *
 * Without a context only v1 is read. With one, v1 and those of v2 that are bound to that place; with
 * an empty one, `{}`, v1 and those of v2 that are bound to none.
 *
 * @returns the plaintext
 * @throws `KEY_INVALID`, `TOKEN_FORMAT`, `DECRYPTION_FAILED` for another key, changed data and
 *   another place, `KEY_UNKNOWN` where a token of v2 names another key, `INPUT_INVALID` and
 *   `TENANT_INVALID` for the context
 */
export async function decryptToken(
  this: unknown,
  token: string,
  key: string,
  context?: TokenContext | Record<string, never>,
): Promise<string> {
  return callCore(vaultOf(this), (core) =>
    core.decryptToken(usable(token), key, readInput(context)),
  );
}

/**
 * A new master key: 32 random bytes as 64 lower-case hex characters.
 *
 * @returns the key
 * @throws `RANDOM_UNAVAILABLE`
 */
export function generateEncryptionKey(this: unknown): string {
  return callCoreNow(vaultOf(this), (core) => core.generateEncryptionKey());
}

/**
 * Whether a value is a string of 32 or more characters. Never throws.
 *
 * @returns whether it can be one
 */
export function isValidEncryptionKey(this: unknown, key: unknown): boolean {
  return callCoreNow(vaultOf(this), (core) => core.isValidEncryptionKey(key));
}

/**
 * Encrypts a Shopify OAuth token, `iv:authTag:cipherText` in hex, under 64 hex characters of key;
 * `SHOPIFY_TOKEN_ENCRYPTION_KEY` if left out.
 *
 * @returns the token
 * @throws `KEY_INVALID`, `INPUT_INVALID` for a plaintext of more than 1 MiB
 */
export async function encryptShopifyToken(
  this: unknown,
  plaintext: string,
  key = shopifyKey(),
): Promise<string> {
  checkPlaintext(plaintext);
  return callCore(vaultOf(this), (core) => core.encryptShopifyToken(plaintext, key));
}

/**
 * Decrypts a Shopify OAuth token. If no key is given, under `SHOPIFY_TOKEN_ENCRYPTION_KEY`, or else one
 * of `SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS`.
 *
 * @returns the plaintext
 * @throws `KEY_INVALID`, `TOKEN_FORMAT`, `DECRYPTION_FAILED`
 */
export async function decryptShopifyToken(
  this: unknown,
  token: string,
  key?: string,
): Promise<string> {
  const open = (key: string) =>
    callCore(vaultOf(this), (core) => core.decryptShopifyToken(usable(token), key));
  if (key !== undefined) {
    return open(key);
  }
  const previous = keyList('SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS');
  return openWithAny([shopifyKey(), ...previous], open);
}

/** Tries one key after the other, while a token turns out to be under another one. */
async function openWithAny(
  [key = '', ...others]: string[],
  open: (key: string) => Promise<string>,
): Promise<string> {
  try {
    return await open(key);
  } catch (error) {
    const isOther = isIntegrationError(error) && error.code === 'DECRYPTION_FAILED';
    if (isOther && others.length > 0) {
      return openWithAny(others, open);
    }
    throw error;
  }
}

function shopifyKey(): string {
  return environmentVariable('SHOPIFY_TOKEN_ENCRYPTION_KEY') ?? '';
}

/** Refuses what is too long before it is copied anywhere. */
function checkPlaintext(plaintext: unknown): void {
  if (typeof plaintext === 'string' && !fits(plaintext)) {
    throw integrationError('INPUT_INVALID', 'plaintext must not be longer than 1 MiB');
  }
}

/** What is longer than any token is as good as an empty one: `TOKEN_FORMAT`, after the key's errors. */
function usable(token: string): string {
  return typeof token === 'string' && token.length > MAX_TOKEN_LENGTH ? '' : token;
}

/** Whether a text has at most 1 MiB in UTF-8, where a character has one to three bytes. */
function fits(text: string): boolean {
  return (
    text.length <= MAX_BYTES / 3 ||
    (text.length <= MAX_BYTES && new TextEncoder().encode(text).length <= MAX_BYTES)
  );
}
