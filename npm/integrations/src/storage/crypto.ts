import { callCore, callCoreNow } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { environmentVariable } from '../backend/environment.js';
import { integrationError } from '../errors.js';
import { MAX_BYTES } from './input.js';

/** Characters of the longest token: two for each byte of the plaintext, and at most 99 before them. */
const MAX_TOKEN_LENGTH = 2 * MAX_BYTES + 99;

/**
 * Encrypts a string into a v1 token, `<salt>:<iv>:<authTag>:<data>` in hex: AES-256-GCM under a key
 * that PBKDF2 derives from `key` and a fresh salt. Takes about ten milliseconds off the main thread.
 *
 * @returns the token
 * @throws `KEY_INVALID` for a key under 32 characters, `INPUT_INVALID` for a plaintext of more than
 *   1 MiB
 */
export async function encryptToken(this: unknown, plaintext: string, key: string): Promise<string> {
  checkPlaintext(plaintext);
  return callCore(vaultOf(this), (core) => core.encryptToken(plaintext, key));
}

/**
 * Decrypts a v1 token. The derived key is cached: the next time takes microseconds.
 *
 * @returns the plaintext
 * @throws `KEY_INVALID`, `TOKEN_FORMAT`, `DECRYPTION_FAILED`
 */
export async function decryptToken(this: unknown, token: string, key: string): Promise<string> {
  return callCore(vaultOf(this), (core) => core.decryptToken(usable(token), key));
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
 * Decrypts a Shopify OAuth token, under `SHOPIFY_TOKEN_ENCRYPTION_KEY` if no key is given.
 *
 * @returns the plaintext
 * @throws `KEY_INVALID`, `TOKEN_FORMAT`, `DECRYPTION_FAILED`
 */
export async function decryptShopifyToken(
  this: unknown,
  token: string,
  key = shopifyKey(),
): Promise<string> {
  return callCore(vaultOf(this), (core) => core.decryptShopifyToken(usable(token), key));
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
