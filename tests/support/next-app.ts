// A Next.js app of a fixture, built and served.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePath, runScript, type Server, serveIn } from './fixtures';

const NEXT = 'next/dist/bin/next';

/** What bundlers may not miss: no more than the SDKs that the app does not use, which is a warning. */
export const MISSING =
  /Can't resolve '(?!@aws|@google|@anthropic|@mux|@react-email|assemblyai|openai|resend)/;

/** Gives an app its pages and routes: those of the fixture `next`. */
export function copyNextApp(folder: string, { edge = true } = {}): void {
  for (const part of ['app', 'lib', ...(edge ? ['middleware.js'] : [])]) {
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
  rmSync(join(folder, '.next'), { recursive: true, force: true });
  // Next.js 15 has no option for webpack, its default.
  const output = await runScript(folder, NEXT, ['build', ...(bundler ? [bundler] : [])], env);
  const args = (port: number) => ['start', '--hostname', '127.0.0.1', '--port', `${port}`];
  const server: Server = await serveIn(folder, NEXT, args, env);
  return {
    output,
    stop: server.stop,
    async get(path, tenant) {
      const response = await fetch(`${server.url}/api/${path}?tenant=${tenant}`);
      return (await response.json()) as Record<string, string>;
    },
  };
}
