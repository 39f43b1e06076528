// AWS as moto plays it, on loopback: a KMS that this project did not write, with real data keys.

import { spawn } from 'node:child_process';
import { describe } from '@jest/globals';
import { isMotoInstalled, MOTO } from './moto.cjs';
import { until } from './until';

const installed = isMotoInstalled();
if (!installed && process.env.CI) {
  throw new Error('moto is not installed: npm run setup');
}

/** `describe`, skipped where moto is missing; the names of such tests should say so. */
export const describeWithAws = installed ? describe : describe.skip;

export interface Aws {
  /** The variables by which an SDK finds it. */
  variables: Record<string, string>;
  stop(): void;
}

export async function startAws(): Promise<Aws> {
  const { freePort } = await import('./free-port.mjs');
  const port = String(await freePort());
  const child = spawn(MOTO.server, ['--host', '127.0.0.1', '--port', port], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    variables: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stop: () => child.kill(),
  };
}
