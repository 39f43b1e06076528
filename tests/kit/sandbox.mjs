// The vendor server of the tests, for trying the demo app without accounts or internet.

import { mkdtempSync, rmSync } from 'node:fs';
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
  // Where the packages are found that it imports.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.sandbox-'));
  const outfile = join(folder, 'vendors.cjs');
  try {
    await esbuild.build({
      entryPoints: [join(import.meta.dirname, 'fake-vendors.ts')],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
