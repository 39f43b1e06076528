import type { WiseProfile } from '../../types.js';

/**
 * A profile in the form that callers know, from what `/v2/profiles` answers and from v1's form, which
 * has `details` already; `undefined` where it is neither.
 */
export function readProfile(answer: unknown): WiseProfile | undefined {
  const profile = (answer ?? {}) as Record<string, unknown>;
  const { id, type } = profile;
  if (typeof id !== 'number' || typeof type !== 'string') {
    return undefined;
  }
  const kind = type.toLowerCase() === 'business' ? 'business' : 'personal';
  return { ...profile, id, type: kind, details: detailsOf(profile, kind) };
}

function detailsOf(
  { details, businessName, fullName, firstName, lastName }: Record<string, unknown>,
  kind: WiseProfile['type'],
): WiseProfile['details'] {
  if (typeof details === 'object' && details !== null) {
    return details;
  }
  const given = kind === 'business' ? { name: businessName ?? fullName } : { firstName, lastName };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));
}
