import { cookies } from 'next/headers';
import { signOut } from '../lib/session-actions';
import { isTheme, THEME_COOKIE } from '../lib/theme';
import type { User } from '../lib/users';
import { Navigation } from './navigation';
import { ThemeSwitch } from './theme-switch';

export async function Header({ user }: { user: User }) {
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  return (
    <header className="header">
      <div className="header-line">
        <span className="tenant" title="Tenant">
          {user.tenantId}
        </span>
        <Navigation />
        <div className="header-end">
          <ThemeSwitch initial={isTheme(theme) ? theme : 'system'} />
          <span className="who">{user.role === 'admin' ? 'Admin' : 'Member'}</span>
          <form action={signOut}>
            <button type="submit" className="button">
              Sign out
            </button>
          </form>
        </div>
      </div>
    </header>
  );
}
