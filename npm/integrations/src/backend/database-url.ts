const QUOTED = /^(["'`])(.*)\1$/s;

/**
 * A connection string without the white space and the quotes that were copied along; `undefined` for
 * an empty one, which counts as not set.
 */
export function cleanUrl(text: string | undefined): string | undefined {
  const url = text?.trim() ?? '';
  const inner = QUOTED.exec(url)?.[2];
  return inner === undefined ? url || undefined : cleanUrl(inner);
}
