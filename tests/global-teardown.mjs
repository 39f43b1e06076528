import { rmSync } from 'node:fs';

/** @typedef {{ folder: string, server: { stop(): Promise<void> } }} TestRun */

export default async function globalTeardown() {
  const { testRun } = /** @type {{ testRun?: TestRun }} */ (globalThis);
  await testRun?.server.stop();
  if (testRun) {
    rmSync(testRun.folder, { recursive: true, force: true });
  }
}
