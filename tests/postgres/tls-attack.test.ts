// What a database gets that may be somebody else, by `sslmode`, certificate and method.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Attack, AttackServer, type Question } from '../kit/attack-server';
import { CertificateAuthority, type ServerCertificate, selfSigned } from '../kit/certificates';
import { databaseUrl } from '../kit/database';
import { temporaryFolder } from '../kit/temporary.cjs';

const encryptionKey = 'attack-tests-master-key-0123456789abcdef';
const PASSWORD = 'hunter2';
// Leads to this machine, but is none of the addresses that nobody else can have.
const PUBLIC = '0.0.0.0';

let server: AttackServer;
let certificates: Record<Certificate, ServerCertificate | undefined>;
const rootFile = join(temporaryFolder('attack'), 'root.pem');
const root = `sslrootcert=${encodeURIComponent(rootFile)}`;

type Certificate = 'no TLS' | 'self-signed' | 'right';

beforeAll(async () => {
  const authority = await CertificateAuthority.create('the right authority');
  writeFileSync(rootFile, authority.rootPem);
  server = await AttackServer.start();
  certificates = {
    'no TLS': undefined,
    'self-signed': await selfSigned('localhost'),
    right: await authority.issue([{ type: 'dns', value: 'localhost' }]),
  };
});

afterAll(async () => {
  await vault.closeIntegrations();
  await server.close();
});

function url(parameters: string, address = PUBLIC): string {
  const credentials = `somebody:${PASSWORD}`;
  return `postgres://${credentials}@localhost:${server.port}/shop?hostaddr=${address}&${parameters}`;
}

/** Calls the vault with such a URL and gives the error, which there must be. */
async function fail(databaseUrl: string): Promise<vault.IntegrationError> {
  vault.configureIntegrations({ databaseUrl, encryptionKey, connectTimeoutMs: 5_000 });
  const error = await vault.listTenants().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!vault.isIntegrationError(error)) {
    throw new Error(`Not an error of the package: ${error}`);
  }
  expect(error.message).not.toContain(PASSWORD);
  return error;
}

/** What the server got out of the client, in words. */
function reached(): string {
  const [proof] = server.proofs;
  if (proof === undefined) {
    return server.startups.length > 0 ? 'no proof' : 'nothing';
  }
  if (proof.includes(PASSWORD)) {
    return 'the password';
  }
  return proof.startsWith('md5') ? 'its MD5 hash' : proof.slice(0, proof.indexOf('\0'));
}

const PROOFS: Record<Question, string> = {
  'clear text': 'the password',
  md5: 'its MD5 hash',
  scram: 'SCRAM-SHA-256',
  'scram-plus': 'SCRAM-SHA-256-PLUS',
  nothing: 'no proof',
};

// By mode: whether the server must offer TLS, and whether its certificate is verified.
const MODES: [string, 'off' | 'preferred' | 'required' | 'verified'][] = [
  ['sslmode=disable', 'off'],
  ['ssl=0', 'off'],
  ['', 'preferred'],
  ['sslmode=allow', 'preferred'],
  ['sslmode=prefer', 'preferred'],
  ['sslmode=disable&sslmode=require', 'required'],
  ['sslmode=require', 'required'],
  ['sslmode=no-verify', 'required'],
  ['sslmode=require&ROOT', 'verified'],
  ['sslmode=verify-ca&ROOT', 'verified'],
  ['sslmode=verify-full&ROOT', 'verified'],
  ['ssl=true&ROOT', 'verified'],
  ['ssl=1&ROOT', 'verified'],
];

const ROWS = MODES.flatMap(([parameters, mode]) =>
  (['no TLS', 'self-signed', 'right'] as const).flatMap((certificate) =>
    (['clear text', 'md5', 'scram'] as const).map((question) => {
      const isEncrypted = certificate !== 'no TLS' && mode !== 'off';
      const connects =
        (isEncrypted || mode === 'off' || mode === 'preferred') &&
        (mode !== 'verified' || certificate === 'right');
      const isTrusted = mode === 'verified';
      const proof = question === 'scram' || isTrusted ? PROOFS[question] : 'no proof';
      return [parameters, certificate, question, connects ? proof : 'nothing'] as const;
    }),
  ),
);

test.each(ROWS)(
  '%s, %s, asked for %s: it gets %s',
  async (parameters, certificate, question, expected) => {
    server.prepare({ question, ...withCertificate(certificate) });
    const error = await fail(url(parameters.replace('ROOT', root)));
    expect(reached()).toBe(expected);
    const codes: Record<string, string> = {
      nothing: 'DATABASE_UNAVAILABLE',
      'no proof': 'CONFIG_INVALID',
    };
    expect(error.code).toBe(codes[expected] ?? 'DATABASE_AUTHENTICATION');
    if (expected === 'no proof') {
      expect(error.message).toMatch(/^The password was not sent: .*sslmode=verify-full/);
    }
  },
);

function withCertificate(name: Certificate): Partial<Attack> {
  const certificate = certificates[name];
  return certificate ? { certificate } : {};
}

describe('a network that nobody else can reach', () => {
  test.each(['127.0.0.1'])('%s gets the password', async (address) => {
    server.prepare({ question: 'clear text' });
    await fail(url('', address));
    expect(reached()).toBe('the password');
  });
});

describe('require_auth', () => {
  test.each<[string, Question, string]>([
    ['require_auth=password', 'clear text', 'the password'],
    ['require_auth=password', 'md5', 'no proof'],
    ['require_auth=md5,scram-sha-256', 'md5', 'its MD5 hash'],
    ['require_auth=scram-sha-256', 'clear text', 'no proof'],
    ['require_auth=scram-sha-256', 'nothing', 'no proof'],
    ['require_auth=scram-sha-256', 'scram', 'SCRAM-SHA-256'],
    ['require_auth=!scram-sha-256', 'scram', 'no proof'],
    ['require_auth=!scram-sha-256', 'clear text', 'no proof'],
    ['require_auth=md5&require_auth=password', 'md5', 'no proof'],
  ])('%s, asked for %s: it gets %s', async (parameters, question, expected) => {
    server.prepare({ question });
    await fail(url(parameters));
    expect(reached()).toBe(expected);
  });

  test('holds on loopback and over verified TLS, too', async () => {
    server.prepare({ question: 'md5' });
    expect((await fail(url('require_auth=scram-sha-256', '127.0.0.1'))).message).toContain(
      'md5, which require_auth in POSTGRES_URL excludes',
    );
    expect(reached()).toBe('no proof');
    server.prepare({ question: 'clear text', ...withCertificate('right') });
    await fail(url(`require_auth=scram-sha-256&sslmode=verify-full&${root}`));
    expect(reached()).toBe('no proof');
  });
});

describe('SCRAM is bound to the certificate', () => {
  test.each(['sslmode=require', `sslmode=verify-full&${root}`])('%s', async (parameters) => {
    server.prepare({ question: 'scram-plus', ...withCertificate('right') });
    await fail(url(parameters));
    expect(reached()).toBe('SCRAM-SHA-256-PLUS');
    expect(server.proofs[0]).toContain('p=tls-server-end-point');
  });
});

describe('prefer falls back', () => {
  test.each(['E', 'broken'] as const)('where TLS is refused by %s', async (refusal) => {
    server.prepare({ question: 'scram', refusal });
    await fail(url('sslmode=prefer'));
    expect(reached()).toBe('SCRAM-SHA-256');
    server.prepare({ question: 'clear text', refusal });
    await fail(url('sslmode=prefer'));
    expect(reached()).toBe('no proof');
    server.prepare({ question: 'scram', refusal });
    expect((await fail(url('sslmode=require'))).code).toBe('DATABASE_UNAVAILABLE');
    expect(reached()).toBe('nothing');
  });
});

test.each([
  'sslmod=verify-full',
  'ssl_mode=verify-full',
  'SSLMODE=verify-full',
  'slmode=verify-full',
  'sslmode=verify_full',
  'ssl=yes',
  'requireauth=scram-sha-256',
  'require_auth=scram',
  'channelbinding=require',
  'sslcrl=/list.pem',
  'sslmode=prefer&sslnegotiation=direct',
])('%s is refused before anything is sent', async (parameters) => {
  server.prepare({ question: 'clear text' });
  const error = await fail(url(parameters, '127.0.0.1'));
  expect(error.code).toBe('CONFIG_INVALID');
  expect(reached()).toBe('nothing');
});

test.each([
  'pgbouncer=true&connection_limit=1&pool_timeout=0&schema=public',
  'statement_cache_size=0&uselibpqcompat=true',
  'sslcompression=0&gssencmode=disable',
])('%s changes nothing', async (parameters) => {
  server.prepare({ question: 'scram' });
  await fail(url(parameters));
  expect(reached()).toBe('SCRAM-SHA-256');
});

describe('a public host that is not verified', () => {
  /** The warnings of a process that reaches its database at this URL, by two entry points. */
  function warnings(target: string): string[] {
    const script = `
      import * as main from '@cgk-platform/integrations';
      import * as native from '@cgk-platform/integrations/native';
      process.on('warning', ({ name, code }) => console.log(name, code));
      for (const entry of [main, native, main]) await entry.listTenants();
      for (const entry of [main, native]) await entry.closeIntegrations();`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script],
      {
        cwd: resolve(__dirname, '..'),
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          POSTGRES_URL: target,
          INTEGRATION_ENCRYPTION_KEY: encryptionKey,
        },
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    return stdout.split('\n').filter(Boolean);
  }

  test('is warned of once per process', () => {
    const target = new URL(databaseUrl());
    target.searchParams.set('hostaddr', PUBLIC);
    expect(warnings(target.href)).toEqual(['SecurityWarning DATABASE_UNVERIFIED']);
  });

  test('is not warned of where it is not public', () => {
    expect(warnings(databaseUrl())).toEqual([]);
  });
});
