// Projects that install the packed packages, as their users do. Each is a copy outside of this
// repository, so that nothing is found here by accident.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ServerProcess } from './server-process.mjs';

const FIXTURES = resolve(__dirname, '../fixtures');

/** The tarballs by the name of the package, packed by the global setup. */
function tarballs(): Record<string, string> {
  return JSON.parse(process.env.TEST_TARBALLS ?? '{}');
}

/** Copies a project. */
export function copyFixture(name: string): string {
  const folder = mkdtempSync(join(process.env.TEST_TEMPORARY_FOLDER as string, `${name}-`));
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

/** Copies a project, adds our packages and others to what it depends on, and installs all with npm. */
export async function installFixture(
  name: string,
  others: Record<string, string> = {},
): Promise<string> {
  const folder = copyFixture(name);
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const packages = Object.entries(tarballs()).map(([name, path]) => [name, `file:${path}`]);
  const dependencies = { ...manifest.dependencies, ...others, ...Object.fromEntries(packages) };
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies }));
  await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
  return folder;
}

/** The tarball of a package; those of other platforms are not built. */
export function tarballOf(name: string): string {
  return tarballs()[name] as string;
}

/** Runs pnpm in a project. */
export function runPnpm(
  folder: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const pnpm = join(dirname(require.resolve('pnpm')), 'bin/pnpm.cjs');
  return runIn(folder, process.execPath, [pnpm, ...args], env);
}

/** The package with the addon of this machine. */
export function addonPackage(): string {
  const name = Object.keys(tarballs()).find((name) => name.includes('integrations-'));
  return name as string;
}

/** A file or folder of the projects, as it is in the repository. */
export function fixturePath(path: string): string {
  return join(FIXTURES, path);
}

/** Runs a program to its end and gives what it prints; rejects with that if it fails. */
export function runIn(
  folder: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`)),
    );
  });
}

/** Runs a script of a package that is installed in the project. */
export function runScript(
  folder: string,
  script: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  return runIn(folder, process.execPath, [join(folder, 'node_modules', script), ...args], env);
}

export type Server = { url: string } & Pick<ServerProcess, 'stop'>;

/** Starts a server of the project on a free port of loopback and waits until it answers. */
export async function serveIn(
  folder: string,
  script: string,
  args: (port: number) => string[],
  env: NodeJS.ProcessEnv,
): Promise<Server> {
  const { freePort } = await import('./free-port.mjs');
  const { startServerProcess } = await import('./server-process.mjs');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = [script, ...args(port)];
  const { stop } = await startServerProcess(script, command, {
    url,
    env: { ...cleanEnvironment(), PORT: `${port}`, HOSTNAME: '127.0.0.1', ...env },
    cwd: folder,
  });
  return { url, stop };
}

/** What npm and Node need, and nothing of what these tests run under. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|npm_config_.*)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), CI: '1', NEXT_TELEMETRY_DISABLED: '1' };
}
