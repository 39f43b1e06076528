// The pages of the repository, and what is in them.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Token, Tokens } from 'marked';

export const ROOT = resolve(__dirname, '../..');

/** Every page, by its path in the repository. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'npm/integrations/README.md',
  'npm/integrations/CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
];

/** What `npm run docs` writes whole: its examples are the declarations that the compiler made. */
export const GENERATED_PAGES = ['docs/api.md'];

/** An example: a fenced block of code. */
export interface Example {
  page: string;
  language: string;
  /** The words after the language: `run`, `run=alone`, `file=…`, `lines=…`. */
  marks: Record<string, string>;
  code: string;
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The examples of all pages that people write. */
export async function examples(): Promise<Example[]> {
  const pages = PAGES.filter((page) => !GENERATED_PAGES.includes(page));
  return (await Promise.all(pages.map(examplesOf))).flat();
}

async function examplesOf(page: string): Promise<Example[]> {
  const tokens = await tokensOf(page);
  return tokens
    .filter((token): token is Tokens.Code => token.type === 'code')
    .map(({ lang = '', text }) => {
      const [language = '', ...words] = lang.split(' ');
      const marks = words.map((word) => /^(\w+)=?(.*)$/.exec(word)?.slice(1) ?? ['', '']);
      return { page, language, marks: Object.fromEntries(marks), code: text };
    });
}

/** The targets of a page's links. */
export async function linksOf(page: string): Promise<string[]> {
  const tokens = await tokensOf(page);
  return tokens
    .filter((token): token is Tokens.Link => token.type === 'link')
    .map(({ href }) => href);
}

/** The anchors that GitHub gives a page's headings. */
export async function anchorsOf(page: string): Promise<string[]> {
  const { default: Slugger } = await import('github-slugger');
  const slugger = new Slugger();
  const tokens = await tokensOf(page);
  return tokens
    .filter((token): token is Tokens.Heading => token.type === 'heading')
    .map(({ text }) => slugger.slug(text.replaceAll('`', '')));
}

async function tokensOf(page: string): Promise<Token[]> {
  const { marked } = await import('marked');
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(read(page)), (token) => {
    tokens.push(token);
  });
  return tokens;
}
