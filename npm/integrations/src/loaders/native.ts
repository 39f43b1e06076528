import type * as NodeModule from 'node:module';
import type { Backend, LoadedBackend } from '../backend.js';
import { errorWithCode } from '../errors.js';
import { KEEP_BUNDLERS_OFF } from './bundlers.js';

// Written as file tracers know it, not as an import.
const { createRequire }: typeof NodeModule = require('node:module');

/** Loads the addon of this platform, or says why there is none. */
export function loadNative(): LoadedBackend {
  const platform = platformName();
  try {
    return {
      functions: requireAddon(platform),
      info: { backend: 'native', version: PACKAGE_VERSION, reason: `addon for ${platform}` },
    };
  } catch (error) {
    throw unavailable(reasonOf(error, platform));
  }
}

/**
 * Requires the addon by a `require` that bundlers leave alone: they can not take an addon in, nor find
 * those of other platforms. File tracers know it and want each name written out.
 */
function requireAddon(platform: string): Backend {
  const load = createRequire(__filename);
  switch (platform) {
    case 'darwin-arm64':
      return load('@cgk-platform/integrations-darwin-arm64');
    case 'darwin-x64':
      return load('@cgk-platform/integrations-darwin-x64');
    case 'linux-arm64-gnu':
      return load('@cgk-platform/integrations-linux-arm64-gnu');
    case 'linux-arm64-musl':
      return load('@cgk-platform/integrations-linux-arm64-musl');
    case 'linux-x64-gnu':
      return load('@cgk-platform/integrations-linux-x64-gnu');
    case 'linux-x64-musl':
      return load('@cgk-platform/integrations-linux-x64-musl');
    case 'win32-x64-msvc':
      return load('@cgk-platform/integrations-win32-x64-msvc');
    default:
      throw new UnknownPlatform();
  }
}

class UnknownPlatform extends Error {}

function platformName(): string {
  const { platform, arch } = process;
  switch (platform) {
    case 'linux':
      return `linux-${arch}-${usesGlibc() ? 'gnu' : 'musl'}`;
    case 'win32':
      return `win32-${arch}-msvc`;
    default:
      return `${platform}-${arch}`;
  }
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

function reasonOf(error: unknown, platform: string): string {
  if (error instanceof UnknownPlatform) {
    return `there is none for ${platform}`;
  }
  const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return missing
    ? `the optional package @cgk-platform/integrations-${platform} is not installed, or a bundler took its host in (${KEEP_BUNDLERS_OFF})`
    : `it failed to load (${error instanceof Error ? error.message : String(error)})`;
}

function unavailable(reason: string): Error {
  return errorWithCode(
    'ADDON_UNAVAILABLE',
    `The native addon of @cgk-platform/integrations can not be used: ${reason}`,
  );
}
