// How many statements a driver gets at a time. The native backend has a pool instead.

import { describe, expect, test } from '@jest/globals';
import { until } from '../kit/until';
import { KEY, vault } from '../kit/vault';

declare const BACKEND: 'native' | 'wasm' | 'edge';

const describeWithDriver = BACKEND === 'native' ? describe.skip : describe;

describeWithDriver('a driver', () => {
  test('gets a hundred statements at a time, and all of a burst in the end', async () => {
    let running = 0;
    let most = 0;
    vault.configureIntegrations({
      encryptionKey: KEY,
      driver: {
        async query() {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running -= 1;
          return [];
        },
      },
    });
    const reads = Array.from({ length: 500 }, () => vault.getTenantWiseConfig('acme'));
    expect(new Set(await Promise.all(reads))).toEqual(new Set([null]));
    expect(most).toBe(100);
  });

  test('that answers nothing: the next call waits for connectTimeoutMs, and is told what to do', async () => {
    let answer = (_rows: never[]) => {};
    let statements = 0;
    vault.configureIntegrations({
      encryptionKey: KEY,
      maxConnections: 1,
      connectTimeoutMs: 50,
      driver: {
        query: () => {
          statements += 1;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const first = vault.getTenantWiseConfig('acme');
    await expect(vault.saveTenantWiseConfig('acme', { apiKey: 'wise' })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('maxConnections'),
    });
    expect(statements).toBe(1);
    answer([]);
    expect(await first).toBeNull();
  });

  test('whose statement is over after statementTimeoutMs: its turn is, too', async () => {
    let statements = 0;
    vault.configureIntegrations({
      encryptionKey: KEY,
      maxConnections: 1,
      statementTimeoutMs: 100,
      driver: {
        query: () => {
          statements += 1;
          return statements === 1 ? new Promise(() => {}) : Promise.resolve([]);
        },
      },
    });
    const reads = [vault.getTenantWiseConfig('acme'), vault.getTenantWiseConfig('acme')];
    const [first, second] = await Promise.allSettled(reads);
    expect(first).toMatchObject({ reason: { code: 'DATABASE_TIMEOUT' } });
    expect(second).toEqual({ status: 'fulfilled', value: null });
  });

  describe('with maxConnectionsPerTenant', () => {
    /** Answers when it is told to, and counts the statements of each tenant that are under way. */
    function heldDriver() {
      const held: (() => void)[] = [];
      const running: string[] = [];
      return {
        running,
        release: () => {
          for (const answer of held.splice(0)) {
            answer();
          }
        },
        driver: {
          query: async (sql: string) => {
            const [, tenant = ''] = /"tenant_(\w+)"\./.exec(sql) ?? [];
            running.push(tenant);
            await new Promise<void>((resolve) => held.push(resolve));
            running.splice(running.indexOf(tenant), 1);
            return [];
          },
        },
      };
    }

    test('gets statements of a quiet tenant while a busy one waits for its own', async () => {
      const { running, release, driver } = heldDriver();
      vault.configureIntegrations({
        encryptionKey: KEY,
        maxConnections: 4,
        maxConnectionsPerTenant: 3,
        driver,
      });
      const busy = Array.from({ length: 10 }, () => vault.getTenantWiseConfig('acme'));
      const quiet = vault.getTenantWiseConfig('rawdog');
      await until(() => running.length === 4);
      expect(running.toSorted()).toEqual(['acme', 'acme', 'acme', 'rawdog']);
      const answered = Promise.all([...busy, quiet]);
      const releasing = setInterval(release, 1);
      expect(new Set(await answered)).toEqual(new Set([null]));
      clearInterval(releasing);
    });

    test('says what to raise where one tenant has its share under way for too long', async () => {
      const { running, release, driver } = heldDriver();
      vault.configureIntegrations({
        encryptionKey: KEY,
        maxConnections: 4,
        maxConnectionsPerTenant: 1,
        connectTimeoutMs: 50,
        driver,
      });
      const first = vault.getTenantWiseConfig('acme');
      await until(() => running.length === 1);
      await expect(vault.getTenantWiseConfig('acme')).rejects.toMatchObject({
        code: 'DATABASE_UNAVAILABLE',
        message: expect.stringContaining('maxConnectionsPerTenant'),
      });
      release();
      expect(await first).toBeNull();
    });
  });
});
