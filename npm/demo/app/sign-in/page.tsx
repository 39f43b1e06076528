import type { Metadata } from 'next';
import { signIn } from '../../lib/session-actions';
import { listUsers, type User } from '../../lib/users';

export const metadata: Metadata = { title: 'Sign in' };
export const dynamic = 'force-dynamic';

export default async function SignInPage() {
  const users = await listUsers();
  return (
    <main className="narrow">
      <p className="tag">Demo</p>
      <h1>Sign in</h1>
      <p>
        Choose who you are. In a real platform this page is its own sign-in; here there are two
        tenants, each with an admin and a member who is not one.
      </p>
      <form action={signIn} className="users">
        {users.map((user) => (
          <UserButton key={user.id} user={user} />
        ))}
      </form>
    </main>
  );
}

function UserButton({ user: { id, tenantId, role } }: { user: User }) {
  return (
    <button type="submit" name="user" value={id} className="user">
      <span className="user-name">
        {role === 'admin' ? 'Admin' : 'Member'} of {tenantId}
      </span>
      <span className="user-note">
        {role === 'admin' ? 'Manages credentials' : 'May not see credentials'}
      </span>
    </button>
  );
}
