// The vendor server of the tests, for trying the demo app without accounts or internet.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.mjs';

/**
 * @typedef {object} Sandbox
 * @property {Record<string, string>} endpoints of the vendors, by service
 * @property {Record<string, object>} samples inputs that they accept, by service
 * @property {() => Promise<void>} close
 */

/**
 * Starts all vendors, each on a free loopback port.
 *
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox() {
  const { startFakeVendors, inputFor } = await importVendors();
  const { endpoints, close } = await startFakeVendors();
  const services = /** @type {(keyof typeof endpoints)[]} */ (Object.keys(endpoints));
  const samples = Object.fromEntries(services.map((service) => [service, inputFor(service)]));
  return { endpoints, samples, close };
}

/** @returns {Promise<typeof import('./fake-vendors.js')>} */
async function importVendors() {
  const esbuild = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'cgk-sandbox-'));
  const outfile = join(folder, 'vendors.mjs');
  try {
    await esbuild.build({
      entryPoints: [join(ROOT, 'tests/kit/fake-vendors.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
