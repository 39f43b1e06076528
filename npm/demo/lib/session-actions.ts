'use server';

import { redirect } from 'next/navigation';
import { endSession, startSession } from './session';
import { findUser } from './users';

/** Signs in the demo user whose id the form sends. */
export async function signIn(form: FormData): Promise<void> {
  const user = await findUser(String(form.get('user')));
  if (!user) {
    redirect('/sign-in');
  }
  await startSession(user);
  redirect('/admin/settings/integrations/credentials');
}

export async function signOut(): Promise<void> {
  await endSession();
  redirect('/sign-in');
}
