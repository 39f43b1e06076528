// A process that rotates keys, reads or saves while others do so, too; the test that forks it gives it its
// job and hears over IPC what becomes of it.

import { createIntegrations as createNative } from '@cgk-platform/integrations/native';
import { createIntegrations as createWasm, neonDriver } from '@cgk-platform/integrations/wasm';
import { neon, neonConfig } from '@neondatabase/serverless';

/**
 * @typedef {object} Job
 * @property {'rotate' | 'read' | 'save'} role
 * @property {string} databaseUrl
 * @property {string} [neonEndpoint] where the database is asked over HTTP, by WebAssembly
 * @property {string[]} keys the current one, and the others
 * @property {'v1' | 'v2'} tokenFormat
 * @property {string[]} tenants in the order of a rotation; whose values are read or saved
 * @property {Record<string, Record<string, string>>} secrets by service and field, but for the saved one
 */

/** The service whose key is saved again and again, with a number that only grows. */
const SAVED = 'openai';
/** Between two tenants: five processes without pauses leave a rotation little of two cores. */
const PAUSE_MS = 50;
/** A busy machine is no failure: these processes keep it busy themselves. */
const statementTimeoutMs = 120_000;

/** @type {Job} */
const job = JSON.parse(process.env.JOB ?? '');
const vault = openVault(job);
let isStopped = false;
process.on('message', () => {
  isStopped = true;
});
await { rotate, read, save }[job.role]();
await vault.close();
process.disconnect();

/** @param {Job} job */
function openVault({ databaseUrl, neonEndpoint, keys, tokenFormat }) {
  const [encryptionKey, ...previousEncryptionKeys] = keys;
  const options = { encryptionKey, previousEncryptionKeys, tokenFormat, statementTimeoutMs };
  if (neonEndpoint === undefined) {
    return createNative({ databaseUrl, ...options });
  }
  neonConfig.fetchEndpoint = neonEndpoint;
  return createWasm({ driver: neonDriver(neon(databaseUrl)), ...options });
}

async function rotate() {
  const { tenants } = job;
  say({ done: 0 });
  const report = await vault.rotateEncryptionKeys({
    tenants,
    onProgress: ({ done }) => say({ done }),
  });
  say({ report });
}

async function read() {
  /** @type {Record<string, number>} */
  const seen = {};
  let reads = 0;
  await untilStopped(async (tenant) => {
    const key = await vault.getTenantApiKey(tenant, SAVED);
    const number = Number(key?.replace('sk-', ''));
    if (!(number >= (seen[tenant] ?? 0))) {
      throw new Error('A save was lost');
    }
    seen[tenant] = number;
    for (const [service, fields] of Object.entries(job.secrets)) {
      for (const [field, secret] of Object.entries(fields)) {
        reads += 1;
        if ((await readSecret(tenant, service, field)) !== secret) {
          throw new Error(`${service} ${field} is another`);
        }
      }
    }
  });
  say({ reads });
}

async function save() {
  /** @type {Record<string, number>} */
  const saved = {};
  let saves = 0;
  await untilStopped(async (tenant) => {
    const number = (saved[tenant] ?? 0) + 1;
    const apiKey = `sk-${number}`;
    await vault.saveTenantApiCredential(tenant, { serviceName: SAVED, apiKey });
    saved[tenant] = number;
    saves += 1;
    if ((await vault.getTenantApiKey(tenant, SAVED)) !== apiKey) {
      throw new Error('The save was lost');
    }
  });
  say({ saves, saved });
}

/**
 * Works on one tenant after the other, and says what fails.
 *
 * @param {(tenant: string) => Promise<void>} work
 */
async function untilStopped(work) {
  for (let turn = 0; !isStopped; turn += 1) {
    const tenant = job.tenants[turn % job.tenants.length] ?? '';
    try {
      await work(tenant);
    } catch (error) {
      const { code, message } = /** @type {Error & { code?: string }} */ (error);
      say({ failure: `${job.role} ${tenant}: ${code ?? ''} ${message}` });
    }
    if (turn === 0) {
      say({ isBusy: true });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** @type {(tenant: string, service: string, field: string) => Promise<unknown>} */
async function readSecret(tenant, service, field) {
  const id = /** @type {'mux'} */ (service);
  if (field === 'webhookSecret') {
    return vault.getTenantWebhookSecret(tenant, id);
  }
  switch (service) {
    case 'stripe':
      return vault.getTenantStripeSecretKey(tenant);
    case 'resend':
      return vault.getTenantResendApiKey(tenant);
    case 'wise':
      return vault.getTenantWiseApiKey(tenant);
  }
  const pair = await vault.getTenantApiKeyAndSecret(tenant, id);
  return field === 'apiSecret' ? pair?.apiSecret : pair?.apiKey;
}

/** @param {object} message */
function say(message) {
  process.send?.(message);
}
