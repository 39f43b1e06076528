import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { configureVault, KEY, newTenant, vault } from '../support/vault';

const BODY = '{"id":"evt_1","name":"Zürich"}';
const EVENT = { id: 'evt_1', name: 'Zürich' };
const SECRET = 'whsec_webhook';

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_1', webhookSecret: SECRET });
  await vault.saveTenantApiCredential(tenant, {
    serviceName: 'mux',
    apiKey: 'id',
    apiSecret: 'secret',
    webhookSecret: SECRET,
  });
});

function timestamped(secret: string, body = BODY, seconds = Math.floor(Date.now() / 1000)): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}

describe.each([
  ['Stripe', 'verifyTenantStripeWebhook'],
  ['Mux', 'verifyTenantMuxWebhook'],
] as const)('%s', (_name, verify) => {
  test('the right signature, over text and bytes', async () => {
    const header = timestamped(SECRET);
    for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY)]) {
      expect(await vault[verify](tenant, body, header)).toEqual({ valid: true, event: EVENT });
    }
  });

  test('one of several signatures suffices, while a secret is changed', async () => {
    const [time, signature] = timestamped(SECRET).split(',');
    const header = `${time},v1=${'0'.repeat(64)},${signature},v0=ignored`;
    expect(await vault[verify](tenant, BODY, header)).toMatchObject({ valid: true });
  });

  test.each<[string, () => [string | Uint8Array, string | null | undefined], string]>([
    ['another secret', () => [BODY, timestamped('whsec_other')], 'SIGNATURE_INVALID'],
    ['a changed body', () => [`${BODY} `, timestamped(SECRET)], 'SIGNATURE_INVALID'],
    [
      'a changed time',
      () => [BODY, timestamped(SECRET).replace(/t=\d+/, 't=1')],
      'SIGNATURE_INVALID',
    ],
    ['a cut signature', () => [BODY, timestamped(SECRET).slice(0, -2)], 'SIGNATURE_INVALID'],
    [
      'a replay',
      () => [BODY, timestamped(SECRET, BODY, (Date.now() / 1000 - 301) | 0)],
      'TIMESTAMP_OUTSIDE_TOLERANCE',
    ],
    [
      'a time to come',
      () => [BODY, timestamped(SECRET, BODY, Math.ceil(Date.now() / 1000) + 302)],
      'TIMESTAMP_OUTSIDE_TOLERANCE',
    ],
    ['no header', () => [BODY, undefined], 'SIGNATURE_MISSING'],
    ['a null header', () => [BODY, null], 'SIGNATURE_MISSING'],
    ['no signature', () => [BODY, 't=1'], 'SIGNATURE_MISSING'],
    ['no time', () => [BODY, timestamped(SECRET).split(',')[1]], 'SIGNATURE_MISSING'],
    ['no hex', () => [BODY, timestamped(SECRET).replace(/v1=.*/, 'v1=zz')], 'SIGNATURE_INVALID'],
    ['no JSON', () => ['{', timestamped(SECRET, '{')], 'PAYLOAD_INVALID'],
    ['a parsed body', () => [EVENT as never, timestamped(SECRET)], 'PAYLOAD_INVALID'],
  ])('%s', async (_case, make, code) => {
    const result = await vault[verify](tenant, ...make());
    expect(result).toMatchObject({ valid: false, code });
    expect(JSON.stringify(result)).not.toContain('whsec');
  });

  test('the tolerance can be chosen', async () => {
    const header = timestamped(SECRET, BODY, Math.floor(Date.now() / 1000) - 1_000);
    const options = { toleranceSeconds: 2_000 };
    expect(await vault[verify](tenant, BODY, header, options)).toMatchObject({ valid: true });
    const nan = { toleranceSeconds: Number.NaN };
    expect(await vault[verify](tenant, BODY, header, nan)).toMatchObject({ valid: false });
  });

  test('never rejects', async () => {
    const other = await newTenant();
    const header = timestamped(SECRET);
    const codes = [
      [other, 'NOT_CONFIGURED'],
      ['nobody', 'TENANT_NOT_FOUND'],
      ['Not A Slug', 'TENANT_INVALID'],
    ];
    for (const [slug, code] of codes) {
      expect(await vault[verify](slug as string, BODY, header)).toMatchObject({ code });
    }
    configureVault('another-master-key-0123456789abcdef');
    const result = await vault[verify](tenant, BODY, header);
    configureVault(KEY);
    expect(result).toMatchObject({ valid: false, code: 'DECRYPTION_FAILED' });
  });

  test('a secret of another tenant is of no use', async () => {
    const other = await newTenant();
    await vault.saveTenantStripeConfig(other, { secretKey: 'sk_1', webhookSecret: 'whsec_theirs' });
    await vault.saveTenantApiCredential(other, {
      serviceName: 'mux',
      apiKey: 'id',
      webhookSecret: 'whsec_theirs',
    });
    const header = timestamped('whsec_theirs');
    expect(await vault[verify](other, BODY, header)).toMatchObject({ valid: true });
    expect(await vault[verify](tenant, BODY, header)).toMatchObject({ valid: false });
  });
});

describe('Wise', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = (body = BODY) => sign('sha256', Buffer.from(body), privateKey).toString('base64');
  const save = (webhookSecret: string) =>
    vault.saveTenantWiseConfig(tenant, { apiKey: 'wise', webhookSecret });

  test('Wise’s public key', async () => {
    await save(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    expect(await vault.verifyTenantWiseWebhook(tenant, BODY, rsa())).toEqual({
      valid: true,
      event: EVENT,
    });
    const changed = await vault.verifyTenantWiseWebhook(tenant, `${BODY} `, rsa());
    expect(changed).toMatchObject({ valid: false, code: 'SIGNATURE_INVALID' });
  });

  test('a shared secret', async () => {
    await save('shared');
    const hmac = createHmac('sha256', 'shared').update(BODY).digest('base64');
    expect(await vault.verifyTenantWiseWebhook(tenant, Buffer.from(BODY), hmac)).toMatchObject({
      valid: true,
    });
    const other = createHmac('sha256', 'other').update(BODY).digest('base64');
    expect(await vault.verifyTenantWiseWebhook(tenant, BODY, other)).toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  test('a public key is never taken for a shared secret', async () => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await save(pem);
    const forged = createHmac('sha256', pem.trim()).update(BODY).digest('base64');
    expect(await vault.verifyTenantWiseWebhook(tenant, BODY, forged)).toMatchObject({
      valid: false,
    });
  });

  test('bad input', async () => {
    await save('shared');
    for (const header of [undefined, null, '', '***']) {
      expect(await vault.verifyTenantWiseWebhook(tenant, BODY, header)).toMatchObject({
        code: 'SIGNATURE_MISSING',
      });
    }
    await save('-----BEGIN PUBLIC KEY-----\noops\n-----END PUBLIC KEY-----');
    const result = await vault.verifyTenantWiseWebhook(tenant, BODY, rsa());
    expect(result).toMatchObject({ valid: false, code: 'INTERNAL' });
    expect(JSON.stringify(result)).not.toContain('oops');
  });
});

describe('the webhook secret of Mux', () => {
  const row = () => vault.getTenantApiCredential(tenant, 'mux');

  test('is kept encrypted, and with the metadata', async () => {
    expect(await vault.getTenantMuxWebhookSecret(tenant)).toBe(SECRET);
    const mux = { serviceName: 'mux', apiKey: 'id' } as const;
    await vault.saveTenantApiCredential(tenant, { ...mux, metadata: { a: 1 } });
    expect(await vault.getTenantMuxWebhookSecret(tenant)).toBe(SECRET);
    expect(JSON.stringify(await row())).not.toContain(SECRET);
    expect((await row())?.metadata).toMatchObject({ a: 1 });
    await vault.saveTenantApiCredential(tenant, { ...mux, webhookSecret: null });
    expect(await vault.getTenantMuxWebhookSecret(tenant)).toBeNull();
    expect((await row())?.metadata).toEqual({ a: 1 });
  });

  test('goes with a disconnect', async () => {
    await vault.deleteTenantApiCredential(tenant, 'mux');
    await vault.saveTenantApiCredential(tenant, { serviceName: 'mux', apiKey: 'id' });
    expect(await vault.getTenantMuxWebhookSecret(tenant)).toBeNull();
  });
});
