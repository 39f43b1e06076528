// What the comment of an exported function must say: what it returns, what `null` means, and which
// errors it throws. Editors show it, and docs/api.md.

import { Node } from 'ts-morph';
import { readEntries } from './api.mjs';

/** @import { FunctionDeclaration } from 'ts-morph' */

/** Entries whose functions are React components, or what they are given. */
const PAGES = ['admin'];
const NEVER = /\bNever\s+(throws|rejects)\b/;

/** Throws if a function of the package is not documented. The package has to be built. */
export async function checkComments() {
  const entries = readEntries().filter(({ entry }) => !PAGES.includes(entry));
  const exports = entries.flatMap((entry) => entry.exports);
  const codes = codesOf(exports.find(({ name }) => name === 'IntegrationErrorCode'));
  const problems = exports.flatMap(({ declarations: [declaration] }) =>
    Node.isFunctionDeclaration(declaration) ? problemsOf(declaration, codes) : [],
  );
  if (problems.length > 0) {
    throw new Error([...new Set(problems)].join('\n  '));
  }
}

/**
 * @param {FunctionDeclaration} declaration the first where there are several of one name
 * @param {string[]} codes that errors may have
 * @returns {string[]} what its comment lacks
 */
export function problemsOf(declaration, codes) {
  const name = declaration.getName();
  const comment = declaration.getJsDocs().at(-1);
  const tags = (comment?.getTags() ?? []).map((tag) => ({
    tag: tag.getTagName(),
    text: tag.getCommentText() ?? '',
  }));
  const returned = declaration.getReturnTypeNode()?.getText() ?? 'void';
  const returns = tags.find(({ tag }) => tag === 'returns')?.text;
  const thrown = tags.filter(({ tag }) => tag === 'throws').map(({ text }) => text);
  const unknown = thrown.flatMap(codesIn).filter((code) => !codes.some(matches(code)));
  return [
    !comment && 'has no comment',
    !/^(Promise<)?void\b/.test(returned) && !returns && 'has no @returns',
    /\| null>?$/.test(returned) && !returns?.includes('`null`') && 'does not say what `null` means',
    thrown.length === 0 &&
      !NEVER.test(comment?.getDescription() ?? '') &&
      'has no @throws, and does not say that it never throws',
    unknown.length > 0 && `throws codes that no error has: ${unknown.join(', ')}`,
  ].flatMap((problem) => (problem ? `${name} ${problem}` : []));
}

/**
 * The codes that a text names: `DATABASE_…` stands for all that begin so.
 *
 * @param {string} text
 */
function codesIn(text) {
  return [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:_…)?)`/g)].map(
    ([, code = '']) => code,
  );
}

/** @param {string} code */
function matches(code) {
  return (/** @type {string} */ known) =>
    code.endsWith('…') ? known.startsWith(code.slice(0, -1)) : known === code;
}

/** @param {import('./api.mjs').Export | undefined} union */
function codesOf(union) {
  const text = union?.declarations[0]?.getText() ?? '';
  return [...text.matchAll(/'([A-Z0-9_]+)'/g)].map(([, code = '']) => code);
}
