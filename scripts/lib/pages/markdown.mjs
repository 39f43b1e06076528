// Pieces of Markdown.

/**
 * A link to a heading of the same page that is an identifier.
 *
 * @param {string} name
 */
export function headingLink(name) {
  return `[${name}](#${name.toLowerCase()})`;
}

/**
 * @param {string[]} headings
 * @param {string[][]} rows
 */
export function table(headings, rows) {
  const lines = [headings, headings.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
