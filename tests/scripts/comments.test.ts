import { expect, test } from '@jest/globals';
import { Node, Project } from 'ts-morph';
import type * as Comments from '../../scripts/lib/pages/comments.mjs';

const load = (): Promise<typeof Comments> => import('../../scripts/lib/pages/comments.mjs');
const PROJECT = new Project({ useInMemoryFileSystem: true });
const CODES = ['TENANT_INVALID', 'DATABASE_BUSY'];

test.each([
  [
    'with all of it',
    '@returns the key; `null` if none\n@throws `TENANT_INVALID`, `DATABASE_…`',
    [],
  ],
  ['that never rejects', 'Never\nrejects.\n\n@returns the key; `null` if none', []],
  ['without @returns', '@throws `TENANT_INVALID`', ['f has no @returns', /what `null` means/]],
  [
    'without null',
    '@returns the key\n@throws `TENANT_INVALID`',
    [/does not say what `null` means/],
  ],
  ['without @throws', '@returns `null` if none', [/has no @throws, and does not say/]],
  ['with a code of nobody', '@returns `null` if none\n@throws `TENANT_WRONG`', [/TENANT_WRONG$/]],
  ['with codes of nobody', '@returns `null` if none\n@throws `VENDOR_…`', [/VENDOR_…$/]],
])('a comment %s', async (_name, comment, problems) => {
  const lines = comment.split('\n').map((line) => ` * ${line}`);
  const source = `/**\n${lines.join('\n')}\n */\nexport declare function f(): Promise<string | null>;`;
  const found = (await load()).problemsOf(declarationOf(source), CODES);
  expect(found).toEqual(problems.map((problem) => expect.stringMatching(problem)));
});

test('a function without a comment; one that returns nothing needs no @returns', async () => {
  const { problemsOf } = await load();
  const bare = declarationOf('export declare function f(): void;');
  expect(problemsOf(bare, CODES)).toEqual(['f has no comment', expect.stringMatching(/@throws/)]);
  const clear = declarationOf('/** Never throws. */\nexport declare function f(): Promise<void>;');
  expect(problemsOf(clear, CODES)).toEqual([]);
});

function declarationOf(source: string) {
  const file = PROJECT.createSourceFile('f.d.ts', source, { overwrite: true });
  const [declaration] = file.getExportedDeclarations().get('f') ?? [];
  if (!Node.isFunctionDeclaration(declaration)) {
    throw new Error('The source has to declare a function f');
  }
  return declaration;
}
