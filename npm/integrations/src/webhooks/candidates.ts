import { isEqual } from './bytes.js';
import { signatureInvalid } from './refusal.js';

/** Signatures that are compared. Vendors send one, and two while a secret is changed. */
const MAX_CANDIDATES = 8;

/**
 * Compares the signature, which is computed once, with those of a header that have its form.
 * However many a header has, the work is that of one.
 */
export async function checkCandidates(
  given: readonly string[],
  form: RegExp,
  compute: () => Promise<string>,
): Promise<void> {
  const candidates = given.filter((text) => form.test(text)).slice(0, MAX_CANDIDATES);
  if (candidates.length === 0) {
    throw signatureInvalid();
  }
  const expected = await compute();
  let found = false;
  for (const candidate of candidates) {
    found = isEqual(candidate, expected) || found;
  }
  if (!found) {
    throw signatureInvalid();
  }
}
