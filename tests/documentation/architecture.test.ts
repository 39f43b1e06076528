// docs/architecture.md says in how many places a change is made, and the README promises these numbers.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, read } from './pages';

interface Row {
  thing: string;
  count: number;
  places: string[];
}

/** The table under "Where does it go". */
function rows(): Row[] {
  const [, part = ''] = read('docs/architecture.md').split('## Where does it go');
  const lines = [...part.matchAll(/^\| (an? [\w ]+?) +\| (\d+) +\| (.*?) +\|$/gm)];
  return lines.map(([, thing = '', count, places = '']) => ({
    thing,
    count: Number(count),
    places: places.split('; '),
  }));
}

test('each row has as many places as it says', () => {
  expect(rows()).toHaveLength(6);
  expect(rows().filter(({ count, places }) => places.length !== count)).toEqual([]);
});

test('the places exist, as they are for Stripe', () => {
  const paths = rows().flatMap(({ places }) =>
    places.flatMap((place) => place.match(/(?<=`)\.?\w+\/[^`]+/) ?? []),
  );
  expect(paths.length).toBeGreaterThan(15);
  const missing = paths
    .map((path) => path.replace('<id>', 'stripe'))
    .filter((path) => !isThere(path));
  expect(missing).toEqual([]);
});

test('the README promises these numbers', () => {
  const [first, ...others] = rows();
  const promise = [
    `${first?.thing} takes ${first?.count} places`,
    ...others.map(({ thing, count }) => `${thing} ${count}`),
  ].join(', ');
  expect(read('README.md').replaceAll('\n', ' ')).toContain(`${promise}.`);
});

/** A path of the repository, or of the folder in it that a place names before. */
function isThere(path: string): boolean {
  return existsSync(join(ROOT, path)) || existsSync(join(ROOT, 'npm/integrations/src', path));
}
