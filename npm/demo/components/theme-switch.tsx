'use client';

import { type ChangeEvent, useState } from 'react';
import { isTheme, THEME_COOKIE, type Theme } from '../lib/theme';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

export function ThemeSwitch({ initial }: { initial: Theme | 'system' }) {
  const [theme, setTheme] = useState<string>(initial);
  const choose = ({ target: { value } }: ChangeEvent<HTMLSelectElement>) => {
    setTheme(value);
    apply(value);
  };
  return (
    <select aria-label="Theme" value={theme} onChange={choose} className="button">
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}

function apply(theme: string) {
  const { dataset } = document.documentElement;
  const age = isTheme(theme) ? YEAR_SECONDS : 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${age}; samesite=lax`;
  if (isTheme(theme)) {
    dataset.theme = theme;
  } else {
    delete dataset.theme;
  }
}
