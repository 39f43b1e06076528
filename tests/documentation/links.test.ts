// What the pages point to is there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, linksOf, PAGES, ROOT, read } from './pages';

describe.each(PAGES)('%s', (page) => {
  test('its links lead to files and headings that exist', async () => {
    const broken: string[] = [];
    for (const link of await linksOf(page)) {
      if (!/^https?:/.test(link) && !(await resolves(page, link))) {
        broken.push(link);
      }
    }
    expect(broken).toEqual([]);
  });

  test('the files that it names exist', () => {
    const named = [
      ...read(page).matchAll(/`((?:bindings|crates|docs|npm|scripts|tests)\/[\w/.-]+)`/g),
    ];
    const missing = named
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });
});

test('the sections of docs/compatibility.md that the code cites exist', async () => {
  const page = 'docs/compatibility.md';
  const cited = sources().flatMap((path) => [
    ...readFileSync(path, 'utf8').matchAll(
      /compatibility\.md,\s(?:\/\/[/!] )?section (\d+)(?:\.(\d+))?/g,
    ),
  ]);
  expect(cited.length).toBeGreaterThan(10);
  const missing = cited.filter(([, section, fault]) => {
    const [, text = ''] =
      new RegExp(`^## ${section}\\. (.*?)(?=^## |$(?![^]))`, 'ms').exec(read(page)) ?? [];
    return text === '' || (fault !== undefined && !text.includes(`\n${fault}. `));
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});

async function resolves(page: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) {
    return false;
  }
  return anchor === undefined || (await anchorsOf(target)).includes(anchor);
}

/** The sources of both languages. */
function sources(): string[] {
  return ['bindings', 'crates', 'npm/integrations/src', 'tests'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(rs|tsx?|mjs)$/.test(name) && !/node_modules|pkg\//.test(name))
      .map((name) => join(ROOT, folder, name)),
  );
}
