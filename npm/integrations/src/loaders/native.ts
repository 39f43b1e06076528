import type { Backend, LoadedBackend } from '../backend.js';
import { errorWithCode } from '../errors.js';

// One static `require` for each platform, so that bundlers and file tracers find the addon.
const ADDONS: Record<string, () => Backend> = {
  'darwin-arm64': () => require('@cgk-platform/integrations-darwin-arm64'),
  'darwin-x64': () => require('@cgk-platform/integrations-darwin-x64'),
  'linux-arm64-gnu': () => require('@cgk-platform/integrations-linux-arm64-gnu'),
  'linux-arm64-musl': () => require('@cgk-platform/integrations-linux-arm64-musl'),
  'linux-x64-gnu': () => require('@cgk-platform/integrations-linux-x64-gnu'),
  'linux-x64-musl': () => require('@cgk-platform/integrations-linux-x64-musl'),
  'win32-x64-msvc': () => require('@cgk-platform/integrations-win32-x64-msvc'),
};

/** Loads the addon of this platform, or says why there is none. */
export function loadNative(): LoadedBackend {
  const platform = platformName();
  const addon = ADDONS[platform];
  if (!addon) {
    throw unavailable(`there is none for ${platform}`);
  }
  try {
    return {
      functions: addon(),
      info: { backend: 'native', version: PACKAGE_VERSION, reason: `addon for ${platform}` },
    };
  } catch (error) {
    throw unavailable(reasonOf(error, platform));
  }
}

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
  const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return missing
    ? `the optional package @cgk-platform/integrations-${platform} is not installed`
    : `it failed to load (${error instanceof Error ? error.message : String(error)})`;
}

function unavailable(reason: string): Error {
  return errorWithCode(
    'ADDON_UNAVAILABLE',
    `The native addon of @cgk-platform/integrations can not be used: ${reason}`,
  );
}
