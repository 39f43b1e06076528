import { closeSync, openSync, readSync } from 'node:fs';
import { integrationError } from '../../errors.js';
import type { LoadedBackend } from '../backend.js';
import type { Backend } from '../operations.js';
import { KEEP_BUNDLERS_OFF } from './bundlers.js';

// One static `require` for each platform, so that file tracers find the addon, and each in a `try` of its
// own: only so do bundlers accept that the others are not installed.
const ADDONS: Record<string, () => Backend> = {
  'darwin-arm64': () => {
    try {
      return require('@cgk-platform/integrations-darwin-arm64');
    } catch (error) {
      throw failure('darwin-arm64', error);
    }
  },
  'darwin-x64': () => {
    try {
      return require('@cgk-platform/integrations-darwin-x64');
    } catch (error) {
      throw failure('darwin-x64', error);
    }
  },
  'linux-arm64-gnu': () => {
    try {
      return require('@cgk-platform/integrations-linux-arm64-gnu');
    } catch (error) {
      throw failure('linux-arm64-gnu', error);
    }
  },
  'linux-arm64-musl': () => {
    try {
      return require('@cgk-platform/integrations-linux-arm64-musl');
    } catch (error) {
      throw failure('linux-arm64-musl', error);
    }
  },
  'linux-x64-gnu': () => {
    try {
      return require('@cgk-platform/integrations-linux-x64-gnu');
    } catch (error) {
      throw failure('linux-x64-gnu', error);
    }
  },
  'linux-x64-musl': () => {
    try {
      return require('@cgk-platform/integrations-linux-x64-musl');
    } catch (error) {
      throw failure('linux-x64-musl', error);
    }
  },
  'win32-x64-msvc': () => {
    try {
      return require('@cgk-platform/integrations-win32-x64-msvc');
    } catch (error) {
      throw failure('win32-x64-msvc', error);
    }
  },
};

const START_BYTES = 4096;

/** Loads the addon of this platform, or says why there is none. */
export function loadNative(): LoadedBackend {
  const platform = platformName();
  const load = ADDONS[platform];
  if (!load) {
    throw unavailable(`there is none for ${platform}`);
  }
  return {
    functions: load(),
    info: { backend: 'native', version: PACKAGE_VERSION, reason: `addon for ${platform}` },
  };
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

/** By the loader that the program names; the report of the process takes milliseconds. */
function usesGlibc(): boolean {
  const start = startOfProgram();
  if (/\/ld-linux[^/]*\.so\./.test(start)) {
    return true;
  }
  if (/\/ld-musl-[^/]*\.so\./.test(start)) {
    return false;
  }
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

/** Where an ELF file has the path of its loader; empty where it cannot be read. */
function startOfProgram(): string {
  try {
    const file = openSync(process.execPath, 'r');
    try {
      const start = Buffer.alloc(START_BYTES);
      return start.toString('latin1', 0, readSync(file, start, 0, START_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

function failure(platform: string, error: unknown): Error {
  const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return unavailable(
    missing
      ? `the optional package @cgk-platform/integrations-${platform} is not installed, or a bundler left it behind (${KEEP_BUNDLERS_OFF})`
      : `it failed to load (${error instanceof Error ? error.message : String(error)})`,
  );
}

function unavailable(reason: string): Error {
  return integrationError(
    'ADDON_UNAVAILABLE',
    `The native addon of @cgk-platform/integrations cannot be used: ${reason}`,
  );
}
