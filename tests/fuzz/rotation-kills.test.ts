// A process that rotates keys is killed at random while others read and save: no read fails, no save is
// lost, and what is run again finishes the rest.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createIntegrations,
  type Integrations,
  SERVICE_CATALOG,
} from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { campaign } from '../kit/campaign';
import { CLI } from '../kit/cli';
import { newDatabase, newSlug } from '../kit/database';
import { inputFor } from '../kit/fake-vendors';
import type { Random } from '../kit/random';

/** The campaign at length is 200 kills over 1 000 tenants: `npm run fuzz -- --only rotation-kills --cases 20000`. */
const TENANTS = process.env.FUZZ_CASES === undefined ? 12 : 1_000;
const READERS = 3;
const WRITERS = 2;
const LONGEST_LIFE_MS = process.env.FUZZ_CASES === undefined ? 400 : 4_000;

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];

let url: string;
let vault: Integrations;
let tenants: string[];
/** What each tenant's OpenAI key was set to last. */
const saved = new Map<string, string>();
/** The current key and format: they change with each case, so that there is always work to do. */
let current = { key: A, previous: B, format: 'v1' };

beforeAll(async () => {
  url = await newDatabase(`rotation_${newSlug()}`);
  vault = createIntegrations({
    databaseUrl: url,
    encryptionKey: A,
    previousEncryptionKeys: [B],
  });
  tenants = Array.from({ length: TENANTS }, (_, number) => `shop_${number}`);
  for (const tenant of tenants) {
    await vault.createTenant(tenant);
    for (const { id } of SERVICE_CATALOG) {
      await vault.saveTenantCredential(tenant, id, inputFor(id) as never);
    }
    await save(tenant, 'sk-first');
  }
}, 600_000);

afterAll(() => vault.close());

async function save(tenant: string, apiKey: string): Promise<void> {
  await vault.saveTenantApiCredential(tenant, { serviceName: 'openai', apiKey });
  saved.set(tenant, apiKey);
}

function rotate(): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    POSTGRES_URL: url,
    INTEGRATION_ENCRYPTION_KEY: current.key,
    INTEGRATION_ENCRYPTION_KEY_PREVIOUS: current.previous,
    INTEGRATION_TOKEN_FORMAT: current.format,
  };
  return spawn(process.execPath, [CLI, 'keys', 'rotate', '--all'], { env, stdio: 'ignore' });
}

/** Reads and saves until it is told to stop. Each writer has tenants of its own. */
function trouble(random: Random): () => Promise<void> {
  let stopped = false;
  const readers = Array.from({ length: READERS }, async () => {
    while (!stopped) {
      const tenant = random.pick(tenants);
      const before = saved.get(tenant);
      const read = await vault.getTenantApiKey(tenant, 'openai');
      // A save under way may be seen or not.
      expect([before, saved.get(tenant), `${before}+`]).toContain(read);
      expect(await vault.getTenantStripeSecretKey(tenant)).toBe(
        (inputFor('stripe') as { secretKey: string }).secretKey,
      );
    }
  });
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const own = tenants.filter((_tenant, index) => index % WRITERS === writer);
    while (!stopped) {
      const tenant = random.pick(own);
      await save(tenant, `${saved.get(tenant)}+`.slice(-2_000));
    }
  });
  return async () => {
    stopped = true;
    await Promise.all([...readers, ...writers]);
  };
}

campaign({
  name: 'rotation-kills',
  share: 0.01,
  outcomes: [],
  async run(random) {
    const stop = trouble(random);
    current = {
      key: current.previous,
      previous: current.key,
      format: current.format === 'v1' ? 'v2' : 'v1',
    };
    const child = rotate();
    const exited = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), random.below(LONGEST_LIFE_MS));
    const [status] = await exited;
    clearTimeout(timer);
    await stop();
    return status === null ? 'killed' : 'finished';
  },
});

test('what the kills left behind is finished by running it again, and nothing was lost', async () => {
  const [status] = await once(rotate(), 'exit');
  expect(status).toBe(0);
  const alone = createIntegrations({ databaseUrl: url, encryptionKey: current.key });
  const usage = await alone.getEncryptionKeyUsage();
  expect(usage.failures).toEqual([]);
  expect(usage.tenants).toBe(TENANTS);
  expect(usage.keys.every(({ isCurrent, format }) => isCurrent && format === current.format)).toBe(
    true,
  );
  for (const tenant of tenants) {
    expect(await alone.getTenantApiKey(tenant, 'openai')).toBe(saved.get(tenant));
  }
  await alone.close();
}, 600_000);
