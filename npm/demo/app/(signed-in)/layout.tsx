import type { ReactNode } from 'react';
import { Header } from '../../components/header';
import { requireUser } from '../../lib/session';

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header user={await requireUser()} />
      <main className="page">{children}</main>
    </>
  );
}
