// How a connection string is read, and where it is taken from.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { databaseUrl } from '../kit/database';

const encryptionKey = 'url-tests-master-key-0123456789abcdef';
const NAMES = ['POSTGRES_URL', 'DATABASE_URL'] as const;
const before = NAMES.map((name) => process.env[name]);

beforeEach(() => {
  vault.configureIntegrations({ encryptionKey });
  for (const name of NAMES) {
    delete process.env[name];
  }
});

afterEach(() => {
  NAMES.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  });
});

afterAll(() => vault.closeIntegrations());

describe('what was copied along with a URL is taken off', () => {
  test.each<[string, (url: string) => string]>([
    ['a newline behind it', (url) => `${url}\n`],
    ['white space around it', (url) => ` \t${url}\r\n `],
    ['double quotes', (url) => `"${url}"`],
    ['single quotes and a newline', (url) => `'${url}'\n`],
    ['quotes with a newline in them', (url) => `"${url}\n"`],
    ['a byte order mark', (url) => `\ufeff${url}`],
  ])('%s', async (_name, surround) => {
    process.env.POSTGRES_URL = surround(databaseUrl());
    await expect(vault.listTenants()).resolves.toEqual(expect.any(Array));
    vault.configureIntegrations({ encryptionKey, databaseUrl: surround(databaseUrl()) });
    await expect(vault.listTenants()).resolves.toEqual(expect.any(Array));
  });
});

describe('an empty variable counts as not set', () => {
  test.each(['', ' ', '\n', '""', "''"])('POSTGRES_URL=%j', async (empty) => {
    process.env.POSTGRES_URL = empty;
    await expect(vault.listTenants()).rejects.toMatchObject({ code: 'DATABASE_NOT_CONFIGURED' });
    process.env.DATABASE_URL = databaseUrl();
    await expect(vault.listTenants()).resolves.toEqual(expect.any(Array));
  });
});

describe('what pg accepts is accepted', () => {
  test.each<[string, (url: string) => string]>([
    ['an upper-case scheme', (url) => url.replace('postgres:', 'POSTGRES:')],
    ['a mixed-case scheme', (url) => url.replace('postgres:', 'PostgreSQL:')],
    ['primary', (url) => `${url}?target_session_attrs=primary`],
    ['prefer-standby', (url) => `${url}?target_session_attrs=prefer-standby`],
    ['read-write', (url) => `${url}?target_session_attrs=read-write`],
  ])('%s', async (_name, change) => {
    vault.configureIntegrations({ encryptionKey, databaseUrl: change(databaseUrl()) });
    await expect(vault.listTenants()).resolves.toEqual(expect.any(Array));
  });

  test('a server that is no standby is told as that', async () => {
    const target = `${databaseUrl()}?target_session_attrs=standby`;
    vault.configureIntegrations({ encryptionKey, databaseUrl: target });
    await expect(vault.listTenants()).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('not read only'),
    });
  });
});

describe('a sentence names the part that is wrong', () => {
  async function sentence(url: string): Promise<string> {
    vault.configureIntegrations({ encryptionKey, databaseUrl: url });
    const error = await vault.listTenants().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(error)).not.toContain('hunter2');
    return String(error);
  }

  test.each(['hunter2#x', 'hunter2@x', 'hunter2/x', 'hunter2?x', '1/hunter2'])(
    'the password, with a raw character: %s',
    async (password) => {
      const text = await sentence(`postgres://user:${password}@db.example/shop`);
      expect(text).toMatch(/percent-encode the password/);
    },
  );

  test.each([
    ['connect_timeout=abc', /connect_timeout must be a whole number/],
    ['port=abc', /port must be a number/],
    ['target_session_attrs=hunter2', /target_session_attrs must be one of/],
    ['sslmode=hunter2', /sslmode must be one of/],
    ['sslrootcert=/hunter2&sslmode=verify-ca', /sslrootcert names no readable PEM file/],
    ['sslcert=/hunter2', /sslcert and sslkey belong together/],
  ])('%s', async (parameter, expected) => {
    const text = await sentence(`postgres://user:hunter2@127.0.0.1/shop?${parameter}`);
    expect(text).toMatch(expected);
    expect(text).not.toMatch(/percent-encode/);
  });
});

describe('the encryption key is never trimmed', () => {
  const url = databaseUrl();

  /** The warnings of a process with this key, and the key that it encrypts with. */
  function run(key: string): string[] {
    const script = `
      import * as main from '@cgk-platform/integrations';
      import * as native from '@cgk-platform/integrations/native';
      process.on('warning', ({ name, code, message }) => console.log(name, code, message));
      for (const entry of [main, native, main]) await entry.listTenants();
      await main.closeIntegrations();
      await native.closeIntegrations();`;
    return execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
      cwd: resolve(__dirname, '..'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, POSTGRES_URL: url, INTEGRATION_ENCRYPTION_KEY: key },
    })
      .split('\n')
      .filter(Boolean);
  }

  test.each([
    ['a newline', `${encryptionKey}\n`],
    ['quotes', `"${encryptionKey}"`],
  ])('but %s around it are warned of once, without the key', (_name, key) => {
    const lines = run(key);
    expect(lines).toEqual([expect.stringMatching(/^SecurityWarning KEY_SURROUNDED INTEGRATION_/)]);
    expect(lines.join()).not.toContain(encryptionKey);
  });

  test('and one without is not warned of', () => {
    expect(run(encryptionKey)).toEqual([]);
  });
});
