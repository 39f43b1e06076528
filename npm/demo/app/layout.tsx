import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { isTheme, THEME_COOKIE } from '../lib/theme';
import '@cgk-platform/integrations/admin.css';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Credential vault', template: '%s · Credential vault' },
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  return (
    <html lang="en" data-theme={isTheme(theme) ? theme : undefined}>
      <body>{children}</body>
    </html>
  );
}
