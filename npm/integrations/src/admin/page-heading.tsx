import type { ReactNode } from 'react';

interface PageHeadingProps {
  title: string;
  children: ReactNode;
}

/** Title of a page, and a sentence about it. */
export function PageHeading({ title, children }: PageHeadingProps) {
  return (
    <header className="cgk:mb-6">
      <h1 className="cgk:text-xl cgk:font-semibold cgk:tracking-tight">{title}</h1>
      <p className="cgk:mt-1 cgk:max-w-prose cgk:text-muted-foreground">{children}</p>
    </header>
  );
}
