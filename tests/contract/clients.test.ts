import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type OpenAI from 'openai';
import {
  callClient,
  expectedRequest,
  getClient,
  NEED_NODE,
  requireClient,
  WITH_CLIENT,
} from '../kit/client-calls';
import { connect, tenant, testOnEdge, testOnNode, vendors } from '../kit/client-tests';
import { sql } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import { POISON_HEADERS, POISON_PROXIES } from '../kit/poison';
import { SERVICE_IDS, SERVICES, servicesWith } from '../kit/services';
import {
  configureVault,
  KEY,
  ON_EDGE,
  rejection,
  saveCredential,
  schemaOf,
  vault,
} from '../kit/vault';

describe.each(SERVICE_IDS)('%s', (service) => {
  test('not configured', async () => {
    const { displayName } = vault.SERVICE_CATALOG.find(({ id }) => id === service) ?? {};
    expect(await getClient(service, tenant)).toBeNull();
    expect(await rejection(requireClient(service, tenant))).toEqual([
      'NOT_CONFIGURED',
      `${displayName} is not configured for tenant: ${tenant}`,
    ]);
  });

  test('a row under another key is not "not configured"', async () => {
    await connect(service);
    const encryptionKey = 'another-master-key-0123456789abcdef';
    configureVault(KEY, { endpoints: vendors.endpoints, encryptionKey });
    try {
      expect((await rejection(getClient(service, tenant)))[0]).toBe('DECRYPTION_FAILED');
    } finally {
      configureVault(KEY, { endpoints: vendors.endpoints });
    }
  });

  test('an unknown tenant and no slug', async () => {
    expect((await rejection(getClient(service, 'nobody')))[0]).toBe('TENANT_NOT_FOUND');
    expect((await rejection(getClient(service, 'Not A Slug')))[0]).toBe('TENANT_INVALID');
    expect((await rejection(getClient(service, [tenant] as never)))[0]).toBe('TENANT_INVALID');
  });
});

describe.each(WITH_CLIENT)('%s', (service) => {
  test('the SDK works with the tenant’s credential', async () => {
    await connect(service);
    expect(await callClient(service, tenant)).toMatchObject(
      SERVICES[service].client.result as object,
    );
    const asked = vendors.requests.filter((request) => request.service === service);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([expectedRequest(service)]);
  });

  test('one client for a burst, and until something changes', async () => {
    await connect(service);
    const burst = await Promise.all(Array.from({ length: 20 }, () => getClient(service, tenant)));
    // On the edge a call does not wait for what another request began.
    expect(new Set(burst).size).toBe(ON_EDGE ? 20 : 1);
    const client = await getClient(service, tenant);
    expect(client).toBe(burst[19]);
    await connect(service);
    expect(await getClient(service, tenant)).not.toBe(client);
  });

  test('a client shows no secret when it is printed', async () => {
    await connect(service);
    const client = await getClient(service, tenant);
    expect(inspect(client, { depth: 9, showHidden: false })).not.toContain('right');
    expect(JSON.stringify({ client })).not.toContain('right');
    expect(String(inspect(client))).toContain(`client of tenant ${tenant}`);
  });
});

testOnEdge.each(NEED_NODE)('%s: its SDK needs Node', async (service) => {
  await connect(service);
  expect(await rejection(getClient(service, tenant))).toEqual([
    'SDK_UNSUPPORTED',
    expect.stringMatching(/use its client in a function that runs on Node$/),
  ]);
});

testOnEdge.each(servicesWith(({ client }) => client.memberOnNode))(
  '%s: a member of an SDK that does not run says so: %s',
  async (service, name) => {
    await connect(service);
    const client = await requireClient(service, tenant);
    expect(() => Reflect.get(client, name)).toThrow(
      expect.objectContaining({
        code: 'SDK_UNSUPPORTED',
        message: expect.stringMatching(/use its client in a function that runs on Node$/),
      }),
    );
  },
);

describe('a region', () => {
  const regional = vault.SERVICE_CATALOG.filter(({ regions }) => regions.length > 0);

  testOnNode.each(
    regional.flatMap(({ id, regionField, regions }) =>
      regions.map(({ value, endpoint }) => ({ id, regionField, value, endpoint })),
    ),
  )('$id is asked in the region $value', async ({ id, regionField, value, endpoint }) => {
    configureVault(KEY);
    try {
      const input = inputFor(id) as { metadata?: { accountId?: string } };
      const metadata = { ...input.metadata, [regionField?.replace('metadata.', '') ?? '']: value };
      await saveCredential(tenant, id, { ...input, metadata });
      const client = await requireClient(id, tenant);
      const host = await SERVICES[id].client.host?.(client as never);
      expect(`${host}/`).toContain(
        `${endpoint.replace('{metadata.accountId}', input.metadata?.accountId ?? '')}/`,
      );
    } finally {
      configureVault(KEY, { endpoints: vendors.endpoints });
    }
  });
});

test('whether something is configured', async () => {
  const has = () =>
    Promise.all([
      vault.hasTenantStripeConfig(tenant),
      vault.hasTenantResendConfig(tenant),
      vault.hasTenantWiseConfig(tenant),
      vault.hasTenantServiceConfig(tenant, 'mux'),
    ]);
  expect(await has()).toEqual([false, false, false, false]);
  for (const service of ['stripe', 'resend', 'wise', 'mux'] as const) {
    await connect(service);
  }
  expect(await has()).toEqual([true, true, true, true]);
  await vault.deleteTenantStripeConfig(tenant);
  expect(await has()).toEqual([false, true, true, true]);
  expect(await vault.hasTenantServiceConfig(tenant, 'paypal' as never)).toBe(false);
  const unknown = vault.hasTenantServiceConfig(tenant, 'No Name' as never);
  expect((await rejection(unknown))[0]).toBe('SERVICE_UNKNOWN');
});

test.each(WITH_CLIENT)(
  '%s: a stored key that no header takes is told without it',
  async (service) => {
    // A line break cannot be sent in a header; it was stored by somebody else.
    await connect(service);
    const token = await vault.encryptToken('oops\nright', KEY);
    const [table, column] = {
      stripe: ['tenant_stripe_config', 'secret_key_encrypted'],
      resend: ['tenant_resend_config', 'api_key_encrypted'],
      wise: ['tenant_wise_config', 'api_key_encrypted'],
    }[service as string] ?? ['tenant_api_credentials', 'api_key_encrypted'];
    await sql(`update ${schemaOf(tenant)}.${table} set ${column} = '${token}'`);
    const [code, message] = await rejection(getClient(service, tenant));
    expect(code).toBe('CLIENT_FAILED');
    expect(message).not.toContain('oops');
  },
);

test.each(WITH_CLIENT)('%s: nothing of the platform’s environment gets in', async (service) => {
  await connect(service);
  const before = { ...process.env };
  Object.assign(
    process.env,
    POISON_PROXIES,
    ...SERVICE_IDS.map((id) => SERVICES[id].client.environment),
  );
  try {
    expect(await callClient(service, tenant)).toMatchObject(
      SERVICES[service].client.result as object,
    );
    const asked = vendors.requests.map(({ method, url }) => `${method} ${url}`);
    expect(asked).toEqual([expectedRequest(service)]);
  } finally {
    process.env = before;
  }
  expect(JSON.stringify(vendors.requests)).not.toContain('poison');
});

test.each(
  servicesWith(({ client }) =>
    Object.keys(client.environment ?? {}).find((name) => name.endsWith('_CUSTOM_HEADERS')),
  ),
)('%s: a copy of a client keeps the tenant’s key, too', async (service, variable) => {
  await connect(service);
  const before = { ...process.env };
  process.env[variable] = POISON_HEADERS;
  try {
    const client = (await requireClient(service, tenant)) as OpenAI;
    const copy = client.withOptions({ defaultHeaders: { 'x-own': 'kept' } });
    await copy.get('/anything').catch(() => undefined);
    await copy
      .withOptions({})
      .get('/anything')
      .catch(() => undefined);
    const copies = [copy, copy.withOptions({}), { ...copy }];
    expect(inspect(copies, { depth: 9, showHidden: true })).not.toContain('right');
  } finally {
    process.env = before;
  }
  expect(vendors.requests).toHaveLength(2);
  for (const { headers } of vendors.requests) {
    expect(headers['x-own']).toBe('kept');
    expect(JSON.stringify(headers)).not.toContain('poison');
  }
});

testOnNode.each(servicesWith(({ client }) => client.refusal))(
  '%s: the key stays with its vendor where a full URL is the path',
  async (service, refusal) => {
    await connect(service);
    const client = await requireClient(service, tenant);
    const elsewhere = `${vendors.endpoints.stripe}/v1/account`;
    await expect(SERVICES[service].client.get?.(client as never, elsewhere)).rejects.toThrow(
      refusal,
    );
    expect(vendors.requests).toEqual([]);
  },
);
