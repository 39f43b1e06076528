import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

interface LockedPackage {
  link?: boolean;
  inBundle?: boolean;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const packages: Record<string, LockedPackage> = JSON.parse(
  readFileSync(join(__dirname, '../../package-lock.json'), 'utf8'),
).packages;

/** Whether Node would find the package from that place. */
function isFound(name: string, place: string): boolean {
  const path = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
  if (path in packages) {
    return true;
  }
  const parent = place.lastIndexOf('/node_modules/');
  return place !== '' && isFound(name, parent === -1 ? '' : place.slice(0, parent));
}

// npm leaves such packages out where it makes a lock file beside a node_modules that lacks them, and
// then `npm ci` installs a compiler without its program on the platforms that were left out.
test('the lock file has the packages of every platform, not only of the one it was made on', () => {
  const missing = Object.entries(packages).flatMap(
    ([place, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isFound(name, place))
        .map((name) => `${name}, for ${place}`),
  );
  // Make it anew in a folder without node_modules: npm install --package-lock-only
  expect(missing).toEqual([]);
});

test('whatever is downloaded has a hash', () => {
  const unhashed = Object.entries(packages).filter(
    ([place, { link, inBundle, integrity }]) =>
      place.includes('node_modules/') && !link && !inBundle && !integrity?.startsWith('sha512-'),
  );
  expect(unhashed).toEqual([]);
});
