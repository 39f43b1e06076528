// A process that moves tenants between layouts, or saves while others do so; the test that forks it gives it its
// job and hears over IPC what becomes of it.

import { createIntegrations, isIntegrationError } from '@cgk-platform/integrations/native';

/**
 * @typedef {object} Job
 * @property {'schema' | 'shared'} [to] where tenants are moved; saves without
 * @property {string} databaseUrl
 * @property {string} encryptionKey
 * @property {string[]} tenants
 */

/** @type {Job} */
const { to, tenants, ...place } = JSON.parse(process.env.JOB ?? '');
/** A busy machine is no failure. */
const options = {
  ...place,
  events: true,
  tokenFormat: /** @type {const} */ ('v2'),
  statementTimeoutMs: 120_000,
};
const vaults = [
  createIntegrations({ ...options, layout: 'schema' }),
  createIntegrations({ ...options, layout: 'shared' }),
];
let isStopped = false;
process.on('message', () => {
  isStopped = true;
});
await (to === undefined ? save() : move(to));
await Promise.all(vaults.map((vault) => vault.close()));
process.disconnect();

/** @param {'schema' | 'shared'} to */
async function move(to) {
  say({ isBusy: true });
  say({ report: await vaults[0]?.moveTenants({ to, tenants }) });
}

async function save() {
  /** @type {Record<string, number>} */
  const saved = {};
  for (let turn = 0; !isStopped; turn += 1) {
    const tenant = tenants[turn % tenants.length] ?? '';
    const number = (saved[tenant] ?? 0) + 1;
    try {
      await wherever((vault) =>
        vault.saveTenantCredential(tenant, 'openai', { apiKey: `sk-${number}` }),
      );
      saved[tenant] = number;
      const stored = await wherever((vault) => vault.getTenantApiKey(tenant, 'openai'));
      if (stored !== `sk-${number}`) {
        throw new Error(`The save of ${number} was lost: ${stored}`);
      }
    } catch (error) {
      say({ failure: `${tenant}: ${error}` });
    }
    if (turn === tenants.length) {
      say({ isBusy: true });
    }
  }
  say({ saved });
}

/**
 * Asks the other layout where one does not find the tenant; again, because it may be moved in between.
 *
 * @template T
 * @param {(vault: import('@cgk-platform/integrations/native').Integrations) => Promise<T>} call
 * @returns {Promise<T>}
 */
async function wherever(call) {
  for (let attempt = 0; ; attempt += 1) {
    const vault = vaults[attempt % 2];
    try {
      return await call(/** @type {NonNullable<typeof vault>} */ (vault));
    } catch (error) {
      const isElsewhere = isIntegrationError(error) && error.code === 'TENANT_NOT_FOUND';
      if (!isElsewhere || attempt > 20) {
        throw error;
      }
    }
  }
}

/** @param {object} message */
function say(message) {
  process.send?.(message);
}
