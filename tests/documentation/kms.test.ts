// The examples of docs/keys.md with keys that a KMS unwraps, as they stand there, in processes that may
// write no file.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import {
  CreateKeyCommand,
  DecryptCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { createIntegrations, type Integrations } from '@cgk-platform/integrations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { type Aws, describeWithAws, startAws } from '../kit/aws';
import { databaseUrl, newSlug, sql } from '../kit/database';
import { runIn } from '../kit/fixtures';
import { examples } from './pages';

/** What an application does with the vault that an example configured. */
const APPLICATION = `
import { saveTenantStripeConfig, getTenantStripeSecretKey } from '@cgk-platform/integrations';
import { writeFileSync } from 'node:fs';
const tenant = process.env.TENANT;
await saveTenantStripeConfig(tenant, { secretKey: 'sk_test_kms' });
let written = 'a file';
try { writeFileSync('written', ''); } catch ({ code }) { written = code; }
console.log(await getTenantStripeSecretKey(tenant), written);
process.exit();
`;

/** Node's permission model without the permission to write. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
const READING_ONLY = [PERMISSION, '--allow-fs-read=*', '--allow-addons'];

let tenant: string;

beforeAll(async () => {
  tenant = newSlug();
  const vault = createIntegrations({ databaseUrl: databaseUrl() });
  await vault.createTenant(tenant);
  await vault.close();
});

describeWithAws('a key from AWS KMS (skipped if moto is not installed)', () => {
  let aws: Aws;

  beforeAll(async () => {
    aws = await startAws();
  }, 60_000);
  afterAll(() => aws?.stop());

  test('comes wrapped, seals what is saved, and is written nowhere', async () => {
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = aws.variables;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const kms = new KMSClient({ endpoint, region, credentials });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const { CiphertextBlob } = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({
        KeyId: KeyMetadata?.KeyId,
        KeySpec: 'AES_256',
      }),
    );
    const variables = { ...aws.variables, WRAPPED_ENCRYPTION_KEY: base64(CiphertextBlob) };
    expect(await runExample('@aws-sdk/client-kms', variables)).toBe(
      'sk_test_kms ERR_ACCESS_DENIED\n',
    );
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Plaintext).toHaveLength(32);
    await expectKey(base64(Plaintext));
    kms.destroy();
  });
});

test('a key from a transit engine comes wrapped, seals what is saved, and is written nowhere', async () => {
  const engine = await startTransitEngine();
  try {
    const variables = {
      VAULT_ADDR: engine.url,
      VAULT_TOKEN: engine.token,
      WRAPPED_ENCRYPTION_KEY: engine.wrapped,
    };
    expect(await runExample('/v1/transit/', variables)).toBe('sk_test_kms ERR_ACCESS_DENIED\n');
    await expectKey(engine.key);
  } finally {
    engine.close();
  }
});

/** Runs the one example that has a text. */
async function runExample(text: string, variables: Record<string, string>): Promise<string> {
  const found = (await examples()).filter(
    ({ page, code }) => page === 'docs/keys.md' && code.includes(text),
  );
  expect(found).toHaveLength(1);
  const source = `${found[0]?.code}\n${APPLICATION}`;
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const args = [...READING_ONLY, '--no-warnings', '--input-type=module', '-e', code];
  return runIn(resolve(__dirname, '..'), process.execPath, args, {
    ...variables,
    POSTGRES_URL: databaseUrl(),
    TENANT: tenant,
  });
}

/** Expects the plaintext key, and no other, to open what the example saved. */
async function expectKey(key: string): Promise<void> {
  const vaults: Integrations[] = [key, randomBytes(32).toString('base64')].map((encryptionKey) =>
    createIntegrations({ databaseUrl: databaseUrl(), encryptionKey }),
  );
  const [right, wrong] = vaults as [Integrations, Integrations];
  expect(await right.getTenantStripeSecretKey(tenant)).toBe('sk_test_kms');
  await expect(wrong.getTenantStripeSecretKey(tenant)).rejects.toMatchObject({
    code: 'DECRYPTION_FAILED',
  });
  await Promise.all(vaults.map((vault) => vault.close()));
  await sql(`delete from tenant_${tenant}.tenant_stripe_config`);
}

function base64(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}

/** The one path of Vault's API that the example asks for. */
async function startTransitEngine() {
  const [wrappingKey, nonce, token] = [randomBytes(32), randomBytes(12), 'transit-token'];
  const key = randomBytes(32).toString('base64');
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce);
  const sealed = Buffer.concat([cipher.update(key, 'base64'), cipher.final(), cipher.getAuthTag()]);
  const server = createServer(async (request, response) => {
    const { ciphertext } = (await json(request)) as { ciphertext: string };
    const isAsked =
      `${request.method} ${request.url}` === 'POST /v1/transit/decrypt/integrations' &&
      request.headers['x-vault-token'] === token;
    if (!isAsked) {
      response.writeHead(403).end('{"errors":["permission denied"]}');
      return;
    }
    const bytes = Buffer.from(ciphertext.replace('vault:v1:', ''), 'base64');
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce);
    decipher.setAuthTag(bytes.subarray(-16));
    const opened = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
    response.end(JSON.stringify({ data: { plaintext: base64(opened) } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    key,
    wrapped: `vault:v1:${base64(sealed)}`,
    close: () => server.close(),
  };
}
