import { backend } from './backend.js';
import { callCore } from './core.js';
import { environmentVariable } from './environment.js';

/**
 * Encrypts a string into a v1 token, `<salt>:<iv>:<authTag>:<data>` in hex: AES-256-GCM under a key
 * that PBKDF2 derives from `key` and a fresh salt. Takes about ten milliseconds off the main thread.
 *
 * Rejects with `KEY_INVALID` for a key under 32 characters.
 */
export async function encryptToken(plaintext: string, key: string): Promise<string> {
  return callCore((core) => core.encryptToken(plaintext, key));
}

/**
 * Decrypts a v1 token. The derived key is remembered: the next time takes microseconds.
 *
 * Rejects with `KEY_INVALID`, `TOKEN_FORMAT` or `DECRYPTION_FAILED`.
 */
export async function decryptToken(token: string, key: string): Promise<string> {
  return callCore((core) => core.decryptToken(token, key));
}

/** A new master key: 32 random bytes as 64 lower-case hex characters. */
export function generateEncryptionKey(): string {
  return backend().generateEncryptionKey();
}

/** Whether a value is a string of 32 or more characters. Never throws. */
export function isValidEncryptionKey(key: unknown): boolean {
  return backend().isValidEncryptionKey(key);
}

/**
 * Encrypts a Shopify OAuth token, `iv:authTag:cipherText` in hex, under 64 hex characters of key;
 * `SHOPIFY_TOKEN_ENCRYPTION_KEY` if left out. Rejects with `KEY_INVALID`.
 */
export async function encryptShopifyToken(plaintext: string, key = shopifyKey()): Promise<string> {
  return callCore((core) => core.encryptShopifyToken(plaintext, key));
}

/**
 * Decrypts a Shopify OAuth token, under `SHOPIFY_TOKEN_ENCRYPTION_KEY` if no key is given.
 *
 * Rejects with `KEY_INVALID`, `TOKEN_FORMAT` or `DECRYPTION_FAILED`.
 */
export async function decryptShopifyToken(token: string, key = shopifyKey()): Promise<string> {
  return callCore((core) => core.decryptShopifyToken(token, key));
}

function shopifyKey(): string {
  return environmentVariable('SHOPIFY_TOKEN_ENCRYPTION_KEY') ?? '';
}
