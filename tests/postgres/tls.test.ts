// TLS against real servers: one with a certificate of a private authority, one without TLS.

import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CertificateAuthority, type ServerCertificate } from '../support/certificates';
import { databaseUrl } from '../support/database';
import { temporaryFolder } from '../support/temporary.cjs';

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

beforeAll(async () => {
  const authority = await CertificateAuthority.create('test authority');
  const other = await CertificateAuthority.create('another authority');
  writeFileSync(rootFile, authority.rootPem);
  writeFileSync(otherRootFile, other.rootPem);
  const { startTestServer } = await import('../support/server.mjs');
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
  const pg = await import('pg');
  const client = new pg.default.Client({ connectionString: server.url });
  await client.connect();
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  await client.end();
  await waitFor(async () => (await connect('sslmode=require')) === 'encrypted');
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not take its certificate');
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
       where a.application_name = 'cgk-integrations'`,
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
