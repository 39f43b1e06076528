// `@cgk-platform/integrations/next`: the setting of Next.js that the package needs.

import { relative } from 'node:path';
import {
  installedNames,
  isLinked,
  loadedPackages,
  PACKAGE_NAME,
  packageFolder,
} from './host-project.js';

/** The entry points that Next.js must leave to Node. The admin pages are for its bundlers. */
const EXTERNAL_ENTRIES = ['', '/native', '/wasm', '/routes', '/testing'];
/** Those that have a stand-in for Turbopack. */
const STAND_INS = ['', '/native', '/wasm', '/routes'];

/** What is read or changed of a configuration of Next.js 15 and 16. */
interface NextConfig {
  env?: Record<string, string | undefined>;
  outputFileTracingIncludes?: Record<string, string[]>;
  serverExternalPackages?: string[];
  transpilePackages?: string[];
  turbopack?: { resolveAlias?: Record<string, unknown> };
  webpack?: ((config: WebpackConfig, context: WebpackContext) => WebpackConfig) | null;
}

interface WebpackConfig {
  externals?: unknown;
}

interface WebpackContext {
  isServer: boolean;
  nextRuntime?: 'nodejs' | 'edge';
}

type ConfigFunction = (...args: never[]) => unknown;

/**
 * Makes Next.js leave this package to Node, which bundlers cannot take in: an addon and a
 * WebAssembly file belong to it. It also holds for a package that is linked in a workspace, for
 * webpack and Turbopack; edge routes and middleware keep their WebAssembly. Never throws.
 *
 *     export default withIntegrations({ reactStrictMode: true });
 *
 * @param config a configuration, or the function that makes one; its own settings stay
 * @returns the same, completed
 */
export function withIntegrations<Config extends object = object>(config?: Config): Config {
  if (typeof config !== 'function') {
    return complete(config ?? {}) as Config;
  }
  const make = config as unknown as ConfigFunction;
  const completed = async (...args: never[]) => complete((await make(...args)) as NextConfig);
  return completed as unknown as Config;
}

function complete(config: NextConfig): NextConfig {
  const names = installedNames(process.cwd());
  return {
    ...config,
    serverExternalPackages: [...new Set([...(config.serverExternalPackages ?? []), ...names])],
    // Next.js refuses a package that is on both lists.
    ...(config.transpilePackages && {
      transpilePackages: config.transpilePackages.filter((name) => !names.includes(name)),
    }),
    // Next.js 16 refuses a webpack setting where Turbopack builds.
    ...(process.env.TURBOPACK
      ? settingsOfTurbopack(config, names)
      : settingsOfWebpack(config, names)),
  };
}

/** Next.js leaves packages out by their path in `node_modules`, where linked ones are not. */
function settingsOfWebpack({ webpack }: NextConfig, names: string[]): NextConfig {
  const external = new Set(names.flatMap((name) => EXTERNAL_ENTRIES.map((entry) => name + entry)));
  const leaveOut = async ({ request = '' }: { request?: string }) =>
    external.has(request) ? `commonjs ${request}` : undefined;
  return {
    webpack(config, context) {
      const completed = webpack?.(config, context) ?? config;
      if (context.isServer && context.nextRuntime !== 'edge') {
        completed.externals = [leaveOut, completed.externals ?? []].flat();
      }
      return completed;
    },
  };
}

/**
 * Turbopack has no such setting. It takes stand-ins, which require the package when they run; edge runtimes
 * and browsers get from them what they get from the package.
 */
function settingsOfTurbopack(config: NextConfig, names: string[]): NextConfig {
  const [name = PACKAGE_NAME] = names;
  if (!isLinked(packageFolder()) && name === PACKAGE_NAME) {
    return {};
  }
  const { env, outputFileTracingIncludes: includes, turbopack } = config;
  const aliases = names.flatMap((from) =>
    STAND_INS.map((entry) => [from + entry, `${name}/external${entry}`]),
  );
  return {
    // What the stand-ins require.
    env: { ...env, CGK_INTEGRATIONS_PACKAGE: name },
    // Turbopack does not see what they load, so that it would not be deployed.
    outputFileTracingIncludes: {
      ...includes,
      '/**': [...(includes?.['/**'] ?? []), ...filesToDeploy(name, process.cwd())],
    },
    turbopack: {
      ...turbopack,
      resolveAlias: { ...turbopack?.resolveAlias, ...Object.fromEntries(aliases) },
    },
  };
}

/** Patterns, relative to the project, of what Node reads when it loads this package. */
function filesToDeploy(name: string, project: string): string[] {
  const own = packageFolder();
  const { folders, links } = loadedPackages(name, project);
  const patterns = [...folders].flatMap((folder) =>
    folder === own
      ? [`${own}/package.json`, `${own}/dist/**/*`]
      : [`${folder}/**/*.{js,cjs,mjs,json,node,wasm}`],
  );
  return [...patterns, ...links].map((pattern) => relative(project, pattern).replaceAll('\\', '/'));
}
