import { jwtVerify, SignJWT } from 'jose';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { findUser, type User } from './users';

const COOKIE = 'session';
const ALGORITHM = 'HS256';
const ISSUER = 'cgk-integrations-demo';
const LIFETIME_SECONDS = 8 * 60 * 60;
const MIN_SECRET_LENGTH = 32;

/** Who is signed in. The session holds the id only; what the user may do is looked up each time. */
export const currentUser = cache(async (): Promise<User | null> => {
  const token = (await cookies()).get(COOKIE)?.value;
  const id = token === undefined ? null : await readToken(token);
  return id === null ? null : findUser(id);
});

/** Who is signed in; the signed-out are sent to the sign-in page. */
export async function requireUser(): Promise<User> {
  return (await currentUser()) ?? redirect('/sign-in');
}

/** Signs in a user who exists. */
export async function startSession(user: User): Promise<void> {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(secret());
  // Not `secure`: the demo listens on loopback, without TLS.
  const options = { httpOnly: true, sameSite: 'lax', path: '/', maxAge: LIFETIME_SECONDS } as const;
  (await cookies()).set(COOKIE, token, options);
}

export async function endSession(): Promise<void> {
  (await cookies()).delete(COOKIE);
}

/** The user's id in a token; `null` if it is forged, expired or of another kind. */
async function readToken(token: string): Promise<string | null> {
  const key = secret();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      requiredClaims: ['sub', 'exp'],
    });
    return payload.sub ?? null;
  } catch {
    return null;
  }
}

function secret(): Uint8Array {
  const text = process.env.ADMIN_SESSION_SECRET ?? '';
  if (text.length < MIN_SECRET_LENGTH) {
    throw new Error(`ADMIN_SESSION_SECRET must have at least ${MIN_SECRET_LENGTH} characters`);
  }
  return new TextEncoder().encode(text);
}
