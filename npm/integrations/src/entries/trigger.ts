// `@cgk-platform/integrations/trigger`: the build extension for Trigger.dev.

import {
  dependencyNames,
  findPackage,
  installedNames,
  isLinked,
  PACKAGE_NAME,
  packageFolder,
  readManifest,
} from './host-project.js';

/** Peers that are no vendors' SDKs and that jobs do not load. */
const OTHER_PEERS = /^(react|react-dom|@electric-sql\/.*)$/;

/** What is used of a build of Trigger.dev 3 and 4. */
interface BuildContext {
  target: string;
  workingDir: string;
  addLayer(layer: { id: string; dependencies: Record<string, string> }): void;
  registerPlugin(plugin: { name: string; setup(build: PluginBuild): void }): void;
}

/** The plugin interface of esbuild, as far as it is used. */
interface PluginBuild {
  onResolve(
    options: { filter: RegExp },
    callback: (args: { path: string }) => { path: string; external: true },
  ): void;
}

/** An extension, as `build.extensions` of `trigger.config` takes it. */
export interface IntegrationsExtension {
  name: string;
  onBuildStart(context: BuildContext): void;
  installedPackagesForTarget(target: string): string[];
}

/**
 * Makes Trigger.dev leave this package out of its bundle and install it where the jobs run, with
 * the vendors' SDKs that the project depends on: the package loads them, so the bundler does not
 * see them. Never throws.
 *
 *     build: { extensions: [integrationsExtension()] }
 *
 * @returns the extension, for `build.extensions`
 */
export function integrationsExtension(): IntegrationsExtension {
  return {
    name: 'cgk-integrations',
    onBuildStart(context) {
      const names = installedNames(context.workingDir);
      // Not `externalsForTarget`, which knows no package by another name than its own.
      context.registerPlugin(leaveOut(names));
      context.addLayer({
        id: 'cgk-integrations',
        dependencies: { ...ownDependencies(names), ...sdksOf(context.workingDir) },
      });
    },
    installedPackagesForTarget: () => installedNames(process.cwd()),
  };
}

function leaveOut(names: string[]) {
  return {
    name: 'cgk-integrations',
    setup(build: PluginBuild) {
      for (const name of names) {
        build.onResolve({ filter: new RegExp(`^${name}(/|$)`) }, ({ path }) => ({
          path,
          external: true,
        }));
      }
    },
  };
}

/** This package under each of its names, as npm writes it. */
function ownDependencies(names: string[]): Record<string, string> {
  const { version = '' } = readManifest(packageFolder());
  return Object.fromEntries(
    names.map((name) => [name, name === PACKAGE_NAME ? version : `npm:${PACKAGE_NAME}@${version}`]),
  );
}

/** The SDKs that a project, or a package that it links from its own repository, depends on. */
function sdksOf(project: string): Record<string, string> {
  const { peerDependencies = {} } = readManifest(packageFolder());
  const sdks = Object.keys(peerDependencies).filter((name) => !OTHER_PEERS.test(name));
  const found: Record<string, string> = {};
  for (const folder of withLinkedPackages(project)) {
    const wanted = dependencyNames(readManifest(folder));
    for (const name of sdks.filter((sdk) => wanted.includes(sdk))) {
      const installed = findPackage(name, folder);
      const version = installed && readManifest(installed).version;
      if (version !== undefined) {
        found[name] ??= version;
      }
    }
  }
  return found;
}

/** The folders of a project and of the packages that it links, and these link, from its own repository. */
function withLinkedPackages(project: string): Set<string> {
  const folders = new Set([project]);
  // A set also visits what is added on the way.
  for (const folder of folders) {
    for (const name of dependencyNames(readManifest(folder))) {
      const found = findPackage(name, folder);
      if (found && isLinked(found) && found !== packageFolder()) {
        folders.add(found);
      }
    }
  }
  return folders;
}
