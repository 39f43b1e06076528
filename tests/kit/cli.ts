import { execFile } from 'node:child_process';

/** The command `cgk-integrations`, as the package has it. */
export const CLI = require
  .resolve('@cgk-platform/integrations/package.json')
  .replace('package.json', 'dist/cli.js');

export interface CliResult {
  status: number | null;
  output: string;
  errors: string;
}

/** Runs the command with these variables and no others but the path. */
export function runCli(args: string[], variables: Record<string, string>): Promise<CliResult> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...variables };
    const child = execFile(process.execPath, [CLI, ...args], { env }, (_error, output, errors) => {
      resolve({ status: child.exitCode, output, errors });
    });
  });
}
