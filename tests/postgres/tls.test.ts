// TLS against real servers: one with a certificate of a private authority, one without TLS.

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect as netConnect } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CertificateAuthority,
  ODD_KEYS,
  type ServerCertificate,
  selfSigned,
  versionOne,
} from '../kit/certificates';
import { databaseUrl } from '../kit/database';
import { temporaryFolder } from '../kit/temporary.cjs';

const encryptionKey = 'tls-tests-master-key-0123456789abcdef';
const files = temporaryFolder('certificates');
const rootFile = join(files, 'root.pem');
const otherRootFile = join(files, 'other-root.pem');

interface TestServer {
  url: string;
  directory: string;
  stop(): Promise<void>;
}

let server: TestServer;
let authority: CertificateAuthority;

beforeAll(async () => {
  authority = await CertificateAuthority.create('test authority');
  const other = await CertificateAuthority.create('another authority');
  writeFileSync(rootFile, authority.rootPem);
  writeFileSync(otherRootFile, other.rootPem);
  const { startTestServer } = await import('../kit/server.mjs');
  server = await startTestServer();
  // The certificate is for localhost; 127.0.0.1 is the wrong name for it.
  await useCertificate(await authority.issue([{ type: 'dns', value: 'localhost' }]));
});

afterAll(async () => {
  await vault.closeIntegrations();
  await server.stop();
});

/** Gives the server its certificate and lets it read its configuration anew. */
async function useCertificate({ certificate, key }: ServerCertificate): Promise<void> {
  const owner = statSync(server.directory);
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
  ] as const) {
    const file = join(server.directory, name);
    writeFileSync(file, text);
    chmodSync(file, 0o600);
    chownSync(file, owner.uid, owner.gid);
  }
  await reload('alter system set ssl = on');
  await waitFor(async () => (await shownCertificate()) === fingerprint(certificate));
}

/** Lets the server read its configuration and certificate anew. */
async function reload(change = 'select 1'): Promise<void> {
  const pg = await import('pg');
  const client = new pg.default.Client({ connectionString: server.url });
  await client.connect();
  await client.query(change);
  await client.query('select pg_reload_conf()');
  await client.end();
}

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}

/** The certificate that a new connection is shown. */
async function shownCertificate(): Promise<string | undefined> {
  const socket = netConnect(Number(new URL(server.url).port), '127.0.0.1');
  try {
    // `SSLRequest`, see "Message Formats" in PostgreSQL's documentation.
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [answer] = await once(socket, 'data');
    if (String(answer) !== 'S') {
      return undefined;
    }
    const secured = tlsConnect({ socket, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    await once(secured, 'secureConnect');
    return secured.getPeerX509Certificate()?.fingerprint256;
  } finally {
    socket.destroy();
  }
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not take its configuration');
}

/** Whether a connection comes about, and how; else the code and message of the error. */
async function connect(parameters: string, url = server.url, host = '127.0.0.1'): Promise<string> {
  const target = new URL(url);
  target.hostname = host;
  vault.configureIntegrations({ databaseUrl: `${target.href}?${parameters}`, encryptionKey });
  try {
    await vault.listTenants();
  } catch (error) {
    return vault.isIntegrationError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  const pg = await import('pg');
  const client = new pg.default.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select bool_and(s.ssl) as ssl from pg_stat_ssl s join pg_stat_activity a using (pid)
       where a.application_name like 'cgk-integrations/%'`,
    );
    return rows[0].ssl ? 'encrypted' : 'plain';
  } finally {
    await client.end();
    await vault.closeIntegrations();
  }
}

describe('a server with a certificate for localhost', () => {
  const root = `sslrootcert=${encodeURIComponent(rootFile)}`;
  const otherRoot = `sslrootcert=${encodeURIComponent(otherRootFile)}`;

  test.each([
    ['sslmode=disable', '127.0.0.1', 'plain'],
    ['', '127.0.0.1', 'encrypted'],
    ['sslmode=prefer', '127.0.0.1', 'encrypted'],
    ['sslmode=require', '127.0.0.1', 'encrypted'],
    [`sslmode=require&${root}`, '127.0.0.1', 'encrypted'],
    [`sslmode=verify-ca&${root}`, '127.0.0.1', 'encrypted'],
    [`sslmode=verify-full&${root}`, 'localhost', 'encrypted'],
    ['sslmode=require&channel_binding=require', '127.0.0.1', 'encrypted'],
    [`sslmode=verify-full&channel_binding=require&${root}`, 'localhost', 'encrypted'],
  ])('%s to %s: %s', async (parameters, host, expected) => {
    expect(await connect(parameters, server.url, host)).toBe(expected);
  });

  test.each([
    [
      'the wrong name',
      `sslmode=verify-full&${root}`,
      /^DATABASE_UNAVAILABLE: .*not valid for name/,
    ],
    [
      'the wrong authority',
      `sslmode=verify-ca&${otherRoot}`,
      /^DATABASE_UNAVAILABLE: .*UnknownIssuer/,
    ],
    [
      'the wrong authority, required',
      `sslmode=require&${otherRoot}`,
      /^DATABASE_UNAVAILABLE: .*UnknownIssuer/,
    ],
    [
      'no authority of the system',
      'sslmode=verify-ca',
      /^(DATABASE_UNAVAILABLE: .*UnknownIssuer|CONFIG_INVALID)/,
    ],
    [
      'no authority of the system',
      'sslmode=verify-full',
      /^(DATABASE_UNAVAILABLE: .*UnknownIssuer|CONFIG_INVALID)/,
    ],
    ['plain text but bound', 'sslmode=disable&channel_binding=require', /channel binding/],
  ])('%s is refused (%#)', async (_name, parameters, expected) => {
    expect(await connect(parameters)).toMatch(expected);
  });
});

describe('any certificate is accepted where none is verified', () => {
  afterAll(async () => {
    await useCertificate(await authority.issue([{ type: 'dns', value: 'localhost' }]));
  });

  const anyCertificate = ['', 'sslmode=prefer', 'sslmode=require', 'sslmode=no-verify'];
  const tls12 = 'sslmode=require&ssl_max_protocol_version=TLSv1.2';

  test.each(Object.keys(ODD_KEYS) as (keyof typeof ODD_KEYS)[])(
    'of X.509 version 1 with a key of the kind %s',
    async (keyName) => {
      await useCertificate(versionOne(keyName));
      // With TLS 1.2, the key must be on a curve that keys are exchanged with, which P-521 is not.
      const older = keyName === 'P-521' ? [] : [tls12];
      for (const parameters of [...anyCertificate, ...older]) {
        expect([parameters, await connect(parameters)]).toEqual([parameters, 'encrypted']);
      }
    },
  );

  test('and the log-in is bound to one of version 1', async () => {
    await useCertificate(versionOne('RSA of 2048 bits'));
    expect(await connect('sslmode=require&channel_binding=require')).toBe('encrypted');
  });

  test('one of version 1 is trusted by its file, but names no host', async () => {
    const certificate = versionOne('RSA of 2048 bits');
    await useCertificate(certificate);
    const file = join(files, 'version-1.pem');
    writeFileSync(file, certificate.certificate);
    const trusted = `sslrootcert=${encodeURIComponent(file)}`;
    expect(await connect(`sslmode=verify-ca&${trusted}`)).toBe('encrypted');
    const full = await connect(`sslmode=verify-full&${trusted}`, server.url, 'localhost');
    expect(full).toMatch(/^DATABASE_UNAVAILABLE: .*X\.509 version 3/);
  });

  test('that has expired', async () => {
    const hour = 3_600_000;
    const names = [{ type: 'dns' as const, value: 'localhost' }];
    const expired = await authority.issue(names, {
      notBefore: new Date(Date.now() - 2 * hour),
      notAfter: new Date(Date.now() - hour),
    });
    await useCertificate(expired);
    for (const parameters of anyCertificate) {
      expect(await connect(parameters)).toBe('encrypted');
    }
    const root = `sslrootcert=${encodeURIComponent(rootFile)}`;
    expect(await connect(`sslmode=verify-ca&${root}`)).toMatch(/has expired/);
  });
});

test('a certificate that a server signed itself is trusted by its file', async () => {
  const certificate = await selfSigned('localhost');
  await useCertificate(certificate);
  const file = join(files, 'self-signed.pem');
  writeFileSync(file, certificate.certificate);
  const trusted = `sslrootcert=${encodeURIComponent(file)}`;
  expect(await connect(`sslmode=verify-ca&${trusted}`)).toBe('encrypted');
  expect(await connect(`sslmode=verify-full&${trusted}`, server.url, 'localhost')).toBe(
    'encrypted',
  );
  const wrongName = await connect(`sslmode=verify-full&${trusted}`);
  expect(wrongName).toMatch(/^DATABASE_UNAVAILABLE: .*not valid for name/);
  // Another one of the same name is not.
  await useCertificate(await selfSigned('localhost'));
  expect(await connect(`sslmode=verify-ca&${trusted}`)).toMatch(/^DATABASE_UNAVAILABLE: /);
});

test('TLS that begins at once, as servers from version 17 on allow', async () => {
  expect(await connect('sslmode=require&sslnegotiation=direct')).toBe('encrypted');
});

test('a server that asks for a certificate of the client gets it', async () => {
  const client = await authority.issue([{ type: 'dns', value: 'postgres' }]);
  const other = await authority.issue([{ type: 'dns', value: 'postgres' }]);
  const [certificateFile, keyFile, otherKeyFile] = ['client.crt', 'client.key', 'other.key'].map(
    (name) => join(files, name),
  ) as [string, string, string];
  writeFileSync(certificateFile, client.certificate);
  writeFileSync(keyFile, client.key);
  writeFileSync(otherKeyFile, other.key);
  const parameters = (key: string) =>
    `sslmode=require&sslcert=${encodeURIComponent(certificateFile)}&sslkey=${encodeURIComponent(key)}`;
  writeFileSync(join(server.directory, 'client-root.pem'), authority.rootPem);
  await reload("alter system set ssl_ca_file = 'client-root.pem'");
  await withRules(
    (rules) =>
      rules.replace(/^host (.*127\.0\.0\.1.*)$/gm, 'hostssl $1 clientcert=verify-ca\nhostnossl $1'),
    async () => {
      await waitFor(async () => (await connect('sslmode=require')) !== 'encrypted');
      expect(await connect('sslmode=require')).toMatch(/^DATABASE_AUTHENTICATION: /);
      expect(await connect(parameters(keyFile))).toBe('encrypted');
      expect(await connect(parameters(otherKeyFile))).toMatch(/^CONFIG_INVALID: .*sslkey/);
      expect(await connect(`${parameters(keyFile)}&sslcertmode=disable`)).toMatch(
        /^DATABASE_AUTHENTICATION: /,
      );
    },
  );
});

test('prefer falls back where the server lets in only who does without TLS', async () => {
  await withRules(
    (rules) => rules.replace(/^host /gm, 'hostnossl '),
    async () => {
      await waitFor(async () => (await connect('sslmode=prefer')) === 'plain');
      expect(await connect('sslmode=require')).toMatch(/^DATABASE_AUTHENTICATION: /);
    },
  );
});

/** Works while the server lets in by other rules. */
async function withRules(
  change: (rules: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const file = join(server.directory, 'pg_hba.conf');
  const rules = readFileSync(file, 'utf8');
  writeFileSync(file, change(rules));
  await reload();
  try {
    await work();
  } finally {
    writeFileSync(file, rules);
    await reload();
  }
}

describe('a server without TLS', () => {
  test.each([
    ['sslmode=disable', 'plain'],
    ['sslmode=prefer', 'plain'],
  ])('%s: %s', async (parameters, expected) => {
    expect(await connect(parameters, databaseUrl())).toBe(expected);
  });

  test.each(['require', 'verify-ca', 'verify-full'])('sslmode=%s is refused', async (mode) => {
    const root = encodeURIComponent(rootFile);
    const outcome = await connect(`sslmode=${mode}&sslrootcert=${root}`, databaseUrl());
    expect(outcome).toMatch(/^DATABASE_UNAVAILABLE: .*TLS/);
  });
});
