// Pieces of Markdown.

/**
 * A page with another generated part: what stands between its two comments.
 *
 * @param {string} page
 * @param {string} part
 */
export function withGenerated(page, part) {
  const [, before, after] = /^(.*<!-- Written by .*? -->\n).*(<!-- End .*)$/s.exec(page) ?? [];
  if (before === undefined) {
    throw new Error('A page has no comments around its generated part');
  }
  return `${before}\n${part}\n\n${after}`;
}

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
  const lines = [headings, headings.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
