'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const PLACES = [
  { href: '/admin/settings/integrations/credentials', title: 'Credentials', below: '/admin/' },
  { href: '/onboarding/4', title: 'Onboarding', below: '/onboarding/' },
];

export function Navigation() {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="navigation">
      {PLACES.map(({ href, title, below }) => (
        <Link key={href} href={href} aria-current={path.startsWith(below) ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
