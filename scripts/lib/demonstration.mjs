// What `npm start` shows first: the main job, for real, with how long each step takes.

const TENANT = 'rawdog';
const OTHER_TENANT = 'acme';

/** Nobody's keys: they only have the vendors' shape. */
const DEMO_CREDENTIALS = {
  stripe: { secretKey: 'sk_test_demo', webhookSecret: 'whsec_demo', livemode: false },
  mux: {
    serviceName: /** @type {const} */ ('mux'),
    apiKey: 'demo-token-id',
    apiSecret: 'demo-token-secret',
  },
};

/**
 * Saves credentials on one backend and reads them on the other.
 *
 * @param {string} databaseUrl
 * @param {import('pg').Pool} pool of the same database
 * @param {string} encryptionKey
 */
export async function demonstrate(databaseUrl, pool, encryptionKey) {
  const native = await import('@cgk-platform/integrations/native');
  const wasm = await import('@cgk-platform/integrations/wasm');
  // For both: the addon takes the URL, WebAssembly the driver.
  native.configureIntegrations({ databaseUrl, driver: wasm.pgDriver(pool), encryptionKey });
  try {
    await createTenants(native);
    await showEarlierCredentials(native);
    await saveAndRead(native, wasm);
    await showStoredRow(pool);
    await showIsolation(native);
  } finally {
    await native.closeIntegrations();
  }
}

/** @typedef {typeof import('@cgk-platform/integrations')} Vault */

/** @param {Vault} native */
async function createTenants(native) {
  console.log('\n▸ Tenants');
  for (const tenant of [TENANT, OTHER_TENANT]) {
    await timed(`createTenant('${tenant}')`, () => native.createTenant(tenant));
  }
}

/** @param {Vault} native */
async function showEarlierCredentials(native) {
  const earlier = await native.getTenantStripeConfig(TENANT);
  if (earlier) {
    const key = await native.getTenantStripeSecretKey(TENANT);
    console.log(
      `\n▸ Still there from ${earlier.updatedAt.toISOString()}: ${TENANT}'s Stripe key "${key}"`,
    );
  }
}

/**
 * @param {Vault} native
 * @param {Vault} wasm
 */
async function saveAndRead(native, wasm) {
  console.log('\n▸ Saved by the addon, read through WebAssembly');
  await timed(`native saveTenantStripeConfig('${TENANT}', …)`, () =>
    native.saveTenantStripeConfig(TENANT, DEMO_CREDENTIALS.stripe),
  );
  await timed(`wasm   getTenantStripeSecretKey('${TENANT}')`, () =>
    wasm.getTenantStripeSecretKey(TENANT),
  );
  await timed('       … again', () => wasm.getTenantStripeSecretKey(TENANT));

  console.log('\n▸ Saved through WebAssembly, read by the addon');
  await timed(`wasm   saveTenantApiCredential('${TENANT}', { serviceName: 'mux', … })`, () =>
    wasm.saveTenantApiCredential(TENANT, DEMO_CREDENTIALS.mux),
  );
  await timed(`native getTenantApiKeyAndSecret('${TENANT}', 'mux')`, () =>
    native.getTenantApiKeyAndSecret(TENANT, 'mux'),
  );
  await timed('       … again', () => native.getTenantApiKeyAndSecret(TENANT, 'mux'));
}

/** @param {import('pg').Pool} pool */
async function showStoredRow(pool) {
  const sql = `select tenant_id, secret_key_encrypted, is_active from tenant_${TENANT}.tenant_stripe_config`;
  const { rows } = await pool.query(sql);
  console.log(`\n▸ The same row as raw SQL sees it\n  ${sql}`);
  for (const [name, value] of Object.entries(rows[0])) {
    console.log(`  ${name.padEnd(22)} ${value}`);
  }
}

/** @param {Vault} native */
async function showIsolation(native) {
  console.log('\n▸ What the other tenant sees');
  await timed(`native getTenantStripeSecretKey('${OTHER_TENANT}')`, () =>
    native.getTenantStripeSecretKey(OTHER_TENANT),
  );
  await timed(`native withTenant('${OTHER_TENANT}', …): connected services`, () =>
    native.withTenant(OTHER_TENANT, async (tenant) => {
      const statuses = await tenant.getTenantCredentialStatuses();
      return statuses.filter((status) => status.connected).length;
    }),
  );
}

/**
 * Prints what a call gives and how long it takes.
 *
 * @param {string} title
 * @param {() => Promise<unknown>} call
 */
async function timed(title, call) {
  const start = performance.now();
  const result = await call();
  const milliseconds = (performance.now() - start).toFixed(2).padStart(8);
  console.log(`  ${title.padEnd(68)} ${milliseconds} ms  ${describe(result)}`);
}

/** @param {unknown} result */
function describe(result) {
  if (result === undefined) {
    return '';
  }
  if (typeof result === 'object' && result !== null && 'id' in result) {
    return `row ${result.id}`;
  }
  return JSON.stringify(result);
}
