/** Holds the theme that the user chose; without it the system decides. */
export const THEME_COOKIE = 'theme';

export type Theme = 'light' | 'dark';

export function isTheme(value: unknown): value is Theme {
  return value === 'light' || value === 'dark';
}
