const QUOTES: Record<string, string> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’' };

/** White space, and the invisible characters that documents and chats add. */
const EDGES = /^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$/g;

/**
 * A credential without what copying adds around it: white space and a pair of quotes. A PEM block
 * that was copied from an environment file gets its lines back.
 */
export function cleanPastedText(text: string): string {
  const trimmed = text.replace(EDGES, '');
  const first = trimmed[0] ?? '';
  const isQuoted = trimmed.length > 1 && QUOTES[first] === trimmed.at(-1);
  const clean = isQuoted ? trimmed.slice(1, -1).replace(EDGES, '') : trimmed;
  return clean.startsWith('-----BEGIN') ? clean.replaceAll('\\n', '\n') : clean;
}
