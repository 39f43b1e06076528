/** Entries that are remembered; beyond, one may count as the first again. */
const MAX_ENTRIES = 10_000;

/**
 * Whether this is the first call of a name until a time, in milliseconds since 1970, which holds from the first one on.
 */
export function isFirstUntil(ends: Map<string, number>, name: string, until: number): boolean {
  if ((ends.get(name) ?? 0) > Date.now()) {
    return false;
  }
  if (ends.size >= MAX_ENTRIES) {
    ends.clear();
  }
  ends.set(name, until);
  return true;
}
