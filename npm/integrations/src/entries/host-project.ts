// What is installed in the project that a build tool builds.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** The name that this package is published under. */
export const PACKAGE_NAME = '@cgk-platform/integrations';

/** What is read of a package.json. */
export interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** The folder of this package, links followed. */
export function packageFolder(): string {
  return realpathSync(join(__dirname, '..'));
}

/**
 * The names that a project imports this package by: an alias (`npm:@cgk-platform/integrations@…`) leaves
 * the own name to another package.
 */
export function installedNames(project: string): [string, ...string[]] {
  const own = packageFolder();
  const candidates = new Set([PACKAGE_NAME]);
  for (const folder of ancestors(project)) {
    for (const name of dependencyNames(readManifest(folder))) {
      candidates.add(name);
    }
  }
  const [first, ...others] = [...candidates].filter((name) => findPackage(name, project) === own);
  return first === undefined ? [PACKAGE_NAME] : [first, ...others];
}

/** Whether a package, links followed, lies in a repository and not where it was installed to. */
export function isLinked(folder: string): boolean {
  return !folder.includes(`${sep}node_modules${sep}`);
}

/** The folder of the package that Node would take for a name, links followed. */
export function findPackage(name: string, from: string): string | undefined {
  const place = placeOf(name, from);
  return place && realpathSync(place);
}

/** Folders of packages, links followed, and the links that lead to them. */
export interface LoadedPackages {
  folders: Set<string>;
  links: Set<string>;
}

/**
 * What Node reads when a project loads a package: it, what it depends on, and those of its peers that are
 * installed.
 */
export function loadedPackages(name: string, project: string): LoadedPackages {
  const folders = new Set<string>();
  const links = new Set<string>();
  const visit = (name: string, from: string) => {
    const place = placeOf(name, from);
    const folder = place && realpathSync(place);
    if (!place || !folder) {
      return;
    }
    if (folder !== place) {
      links.add(place);
    }
    if (!folders.has(folder)) {
      folders.add(folder);
      const { devDependencies: _, ...manifest } = readManifest(folder);
      for (const dependency of dependencyNames(manifest)) {
        visit(dependency, folder);
      }
    }
  };
  visit(name, project);
  return { folders, links };
}

function placeOf(name: string, from: string): string | undefined {
  return ancestors(from)
    .map((ancestor) => join(ancestor, 'node_modules', name))
    .find((path) => existsSync(path));
}

/** The package.json of a folder; empty where there is none. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** What a package needs, or has to be developed with. */
export function dependencyNames(manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({
    ...peerDependencies,
    ...devDependencies,
    ...optionalDependencies,
    ...dependencies,
  });
}

/** A folder and those that it is in. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
