// A Next.js app of a fixture, built and served.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePath, runScript, type Server, serveIn } from './fixtures';

const NEXT = 'next/dist/bin/next';

/** What bundlers may not miss: no more than the SDKs that the app does not use, which is a warning. */
export const MISSING =
  /Can't resolve '(?!@aws|@google|@anthropic|@mux|@react-email|assemblyai|openai|resend)/;

/** Gives an app its pages and routes: those of the fixture `next`. */
export function copyNextApp(folder: string, { middleware = true } = {}): void {
  for (const part of ['app', 'lib', ...(middleware ? ['middleware.js'] : [])]) {
    cpSync(fixturePath(`next/${part}`), join(folder, part), { recursive: true });
  }
}

export interface NextApp {
  /** What the bundler said. */
  output: string;
  /** Asks a route for a tenant. */
  get(path: string, tenant: string): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Builds an app with one of the bundlers, and starts it. */
export async function startNextApp(
  folder: string,
  bundler: string,
  env: Record<string, string>,
): Promise<NextApp> {
  const output = await build(folder, bundler, env);
  const args = (port: number) => ['start', '--hostname', '127.0.0.1', '--port', `${port}`];
  return appOf(output, await serveIn(folder, join(folder, 'node_modules', NEXT), args, env));
}

/**
 * Builds an app whose output is `standalone`, and starts what would be deployed, away from the project.
 *
 * @param app its folder in the workspace
 */
export async function deployNextApp(
  workspace: string,
  app: string,
  bundler: string,
  env: Record<string, string>,
): Promise<NextApp> {
  const output = await build(join(workspace, app), bundler, env);
  const deployed = mkdtempSync(join(process.env.TEST_TEMPORARY_FOLDER as string, 'deployed-'));
  cpSync(join(workspace, app, '.next/standalone'), deployed, {
    recursive: true,
    verbatimSymlinks: true,
  });
  const server = await serveIn(deployed, join(deployed, app, 'server.js'), () => [], env);
  return appOf(output, server);
}

function build(folder: string, bundler: string, env: Record<string, string>): Promise<string> {
  rmSync(join(folder, '.next'), { recursive: true, force: true });
  // Next.js 15 has no option for webpack, its default.
  return runScript(folder, NEXT, ['build', ...(bundler ? [bundler] : [])], env);
}

function appOf(output: string, { url, stop }: Server): NextApp {
  return {
    output,
    stop,
    async get(path, tenant) {
      const response = await fetch(`${url}/api/${path}?tenant=${tenant}`);
      return (await response.json()) as Record<string, string>;
    },
  };
}
