// What leaves a client besides its requests. Whatever is printed, spread, cloned or made into JSON of a
// client, of its parts, of what it answers or of its errors is searched for the tenant's secrets.

import { inspect } from 'node:util';
import type { TenantService } from '@cgk-platform/integrations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callClient, requireClient } from './client-calls';
import { type Behaviour, type FakeVendors, inputFor, startFakeVendors } from './fake-vendors';
import { SERVICES } from './services';
import { configureVault, KEY, newTenant, saveCredential } from './vault';

let vendors: FakeVendors;
let tenant: string;

beforeAll(async () => {
  vendors = await startFakeVendors();
  configureVault(KEY, { endpoints: vendors.endpoints });
});
afterAll(() => vendors.close());
beforeEach(async () => {
  tenant = await newTenant();
  vendors.requests.length = 0;
  vendors.elsewhere.length = 0;
});

async function connect(service: TenantService, behaviour: Behaviour = 'right'): Promise<void> {
  await saveCredential(tenant, service, inputFor(service, behaviour));
}

/** The secrets of an input as they are, and as HTTP's Basic scheme has them. */
function secretsOf(service: TenantService, behaviour: Behaviour = 'right'): string[] {
  const input = inputFor(service, behaviour) as Record<string, unknown>;
  const { publicFields = [] } = SERVICES[service];
  const secrets = ['secretKey', 'apiKey', 'apiSecret']
    .filter((field) => !publicFields.includes(field))
    .flatMap((field) => (typeof input[field] === 'string' ? [input[field]] : []));
  const { apiKey, apiSecret } = input;
  const basic = [`${apiKey}:${apiSecret}`, `${apiKey}:`].map((pair) => btoa(pair));
  return [...secrets, ...secrets.map(encodeURIComponent), ...basic];
}

/** Everything that logs, copies and tools make of a value. */
function copiesOf(value: unknown): string[] {
  const print = (value: unknown) =>
    inspect(value, {
      depth: 12,
      showHidden: true,
      getters: false,
      maxArrayLength: null,
      maxStringLength: null,
    });
  const copies = [
    () => print(value),
    () => inspect(value, { depth: 20, maxArrayLength: null, maxStringLength: null }),
    () => JSON.stringify(value),
    () => JSON.stringify({ value }),
    () => print({ ...(value as object) }),
    () => print(Object.assign({}, value)),
    () => JSON.stringify({ ...(value as object) }),
    () => print(structuredClone(value)),
    () => print(Object.entries(value as object)),
    () => String(value),
    () => String((value as Error).stack),
    () => print((value as Error).cause),
  ];
  return copies.map((copy) => {
    try {
      return copy() ?? '';
    } catch (error) {
      // What cannot be copied says so without the secret.
      return print(error);
    }
  });
}

/** The parts of a client: its properties and what its prototypes' getters give. */
function partsOf(client: object): [string, unknown][] {
  const names = new Set<string>();
  for (let object = client; object && object !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(object)) {
      names.add(name);
    }
    object = Object.getPrototypeOf(object);
  }
  return [...names].flatMap((name): [string, unknown][] => {
    try {
      const part: unknown = Reflect.get(client, name);
      const isPart = (typeof part === 'object' || typeof part === 'function') && part !== null;
      return isPart ? [[name, part]] : [];
    } catch {
      return [];
    }
  });
}

function expectNoSecret(value: unknown, secrets: string[], what = 'value'): void {
  for (const copy of copiesOf(value)) {
    for (const secret of secrets) {
      const at = copy.indexOf(secret);
      expect([what, at < 0 ? '' : copy.slice(Math.max(0, at - 200), at + secret.length)]).toEqual([
        what,
        '',
      ]);
    }
  }
}

/** Tests the clients of some services. */
export function describeSecrets(services: readonly TenantService[]): void {
  describe.each(services)('%s', (service) => {
    test('no copy of a client or of its parts has the secret', async () => {
      await connect(service);
      const client = await requireClient(service, tenant);
      await callClient(service, tenant);
      expectNoSecret(client, secretsOf(service), 'client');
      for (const [name, part] of partsOf(client)) {
        expectNoSecret(part, secretsOf(service), name);
      }
    });

    test('what a vendor answers has no secret of the request', async () => {
      await connect(service);
      const answer = await callClient(service, tenant);
      expectNoSecret(answer, secretsOf(service));
    });

    test.each(['wrong', 'restricted', 'broken', 'malformed', 'html', 'redirected'] as const)(
      'an error has no secret: %s',
      async (behaviour) => {
        await connect(service, behaviour);
        const result = await callClient(service, tenant).catch((error) => error);
        expectNoSecret(result, secretsOf(service, behaviour));
        expect(vendors.elsewhere).toEqual([]);
      },
    );

    test('an error of a vendor that is not there has no secret', async () => {
      configureVault(KEY, { endpoints: { [service]: 'http://127.0.0.1:1' } });
      try {
        await connect(service);
        const result = await callClient(service, tenant).catch((error) => error);
        expectNoSecret(result, secretsOf(service));
      } finally {
        configureVault(KEY, { endpoints: vendors.endpoints });
      }
    });
  });
}
