import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import type { RawBody, WiseWebhookOptions } from '@cgk-platform/integrations';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '../kit/database';
import { configureVault, KEY, newTenant, schemaOf, vault } from '../kit/vault';

const BODY = '{"id":"evt_1","name":"Zürich"}';
const EVENT = { id: 'evt_1', name: 'Zürich' };
const SECRET = 'whsec_webhook';
/** A line of the key that Wise publishes for live tokens. */
const WISE_KEY_LINE = 'XdoTCfhXaaiZ+qAbtaDBiu2AGkGVpmEygFmWP4Li9m5+Ni85BhVvZOodM9epgW3F';

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
      expect(await vault[verify](tenant, body, header)).toEqual({
        valid: true,
        event: EVENT,
        deliveryId: 'evt_1',
      });
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
      () => [BODY, timestamped(SECRET).replace(/t=(\d+)/, (_, time) => `t=${time - 1}`)],
      'SIGNATURE_INVALID',
    ],
    [
      'a second time, whichever is meant',
      () => [BODY, `t=${(Date.now() / 1000) | 0},${timestamped(SECRET)}`],
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

describe('a body', () => {
  /** Of an even length, for words. */
  const text = `${BODY} `;
  const bytes = new TextEncoder().encode(text);
  const verify = (body: unknown) =>
    vault.verifyTenantStripeWebhook(tenant, body as RawBody, timestamped(SECRET, text));
  /** The bytes in the midst of others. */
  const within = (buffer: ArrayBufferLike) => {
    new Uint8Array(buffer).fill(7);
    new Uint8Array(buffer).set(bytes, 8);
    return buffer;
  };
  const roomy = bytes.length + 16;

  test.each<[string, () => unknown]>([
    ['a buffer, as request.arrayBuffer() gives it', () => bytes.slice().buffer],
    ['a buffer of another realm', () => runInNewContext('new Uint8Array(bytes).buffer', { bytes })],
    ['a view of another realm', () => runInNewContext('new Uint8Array(bytes)', { bytes })],
    [
      'a part of a larger buffer',
      () => new Uint8Array(within(new ArrayBuffer(roomy)), 8, bytes.length),
    ],
    [
      'a DataView',
      () => new DataView(within(new ArrayBuffer(roomy)) as ArrayBuffer, 8, bytes.length),
    ],
    ['words of 16 bits', () => new Uint16Array(bytes.slice().buffer)],
    ['a part of Node’s pool', () => Buffer.from(text)],
    [
      'a view of shared memory',
      () => new Uint8Array(within(new SharedArrayBuffer(roomy)), 8, bytes.length),
    ],
    [
      'shared memory',
      () => {
        const shared = new SharedArrayBuffer(bytes.length);
        new Uint8Array(shared).set(bytes);
        return shared;
      },
    ],
  ])('is taken as %s', async (_form, make) => {
    const body = make();
    expect(ArrayBuffer.isView(body) ? body.byteLength : bytes.length).toBe(bytes.length);
    expect(await verify(body)).toMatchObject({ valid: true, event: EVENT });
  });

  test('that is no text and no bytes is refused', async () => {
    const gone = new ArrayBuffer(8);
    structuredClone(gone, { transfer: [gone] });
    const odd = [EVENT, [1, 2], null, undefined, 12, new Blob([text]), () => text];
    for (const body of odd) {
      expect(await verify(body)).toMatchObject({ code: 'PAYLOAD_INVALID' });
    }
    expect((await verify(gone)).valid).toBe(false);
  });

  test('may be changed by the caller while it is checked', async () => {
    const body = bytes.slice();
    const result = verify(body);
    body.fill(0);
    expect(await result).toMatchObject({ valid: true, event: EVENT });
  });
});

describe('Wise', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
  const rsa = (body: string) =>
    sign('sha256', Buffer.from(body), keys.privateKey).toString('base64');
  const hmac = (body: string, secret: string) =>
    createHmac('sha256', secret).update(body).digest('base64');
  const transfer = (profile_id: unknown = 222) =>
    about({ resource: { type: 'transfer', profile_id } });
  const about = (data: object) => JSON.stringify({ data, event_type: 'a#b' });
  const verify = (body: string, signature: string, options?: WiseWebhookOptions) =>
    vault.verifyTenantWiseWebhook(tenant, body, signature, options);

  const connect = async (input: object = {}) => {
    await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise', ...input });
    await vault.updateWiseConfigVerification(tenant, true, { profileId: '222' });
  };
  /** What was stored before what is saved was looked at. */
  const storeAsBefore = async (webhookSecret: string) => {
    await connect();
    const token = await vault.encryptToken(webhookSecret, KEY);
    await sql(
      `update ${schemaOf(tenant)}.tenant_wise_config set webhook_secret_encrypted = '${token}'`,
    );
  };

  test('its published keys come with the package, one for live tokens and one for the sandbox', async () => {
    // Signed by Wise: transferwise/digital-signatures-examples, verify-webhook-signature.
    const body =
      '{"data":{"resource":{"id":49983981,"profile_id":16055450,"account_id":14124090,"type":"transfer"},"current_state":"incoming_payment_waiting","previous_state":null,"occurred_at":"2021-08-23T10:12:50Z"},"subscription_id":"90aa8e14-4ef1-4a56-861c-f3c9cde097ea","event_type":"transfers#state-change","schema_version":"2.0.0","sent_at":"2021-08-23T10:12:50Z"}';
    const signature =
      'wKcKCYXAzxNgiu7xmoDm943NUni7Rz33QN8JkEA9dWSGebgndonabgSj18Y4C08OrwVmueGsED2s00M7DtJVcYKOS1i3G4TMVx+mgM3aL9djMBkQtiYNBFUd6wrPI7ZUNHv/TrlKSjTMc+6JFvUvJ7owY3z85e3I4jLRLJowMFvO8kvCJ60+1pY9wDwZvtZ//WS93LrwGjk9Dvwzpmu0w+P4J75tETT5qC3Uv0y5G2yO8SEoO3yNP/tg/BOli02niHb53vEOUWUb9bly6thnfMoXoiV/osoGxgF20R58RlvkAmezyyl1Sv542TfS2DpiwVnmjjjkCyXeSUcKookYLQ==';
    const options = { profileId: 16055450 };
    await connect({ sandboxMode: true });
    expect(await verify(body, signature, options)).toMatchObject({
      valid: true,
      profileId: '16055450',
    });
    await connect({ sandboxMode: false });
    expect(await verify(body, signature, options)).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  test('a stored key takes their place', async () => {
    await connect({ webhookSecret: pem });
    const body = transfer();
    expect(await verify(body, rsa(body))).toEqual({
      valid: true,
      event: JSON.parse(body),
      deliveryId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      profileId: '222',
    });
    expect(await verify(`${body} `, rsa(body))).toMatchObject({ code: 'SIGNATURE_INVALID' });
    await connect({ webhookSecret: null });
    expect(await verify(body, rsa(body))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  test('the key of the call takes the place of both', async () => {
    await connect();
    expect(await verify(transfer(), rsa(transfer()), { secret: pem })).toMatchObject({
      valid: true,
    });
  });

  describe('a public key, which everybody knows, is never a shared secret', () => {
    const lines = pem.split('\n');
    const base64 = lines.slice(1, -1).join('');
    const pkcs1 = keys.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
    const forms: [string, string][] = [
      ['as it is', pem],
      ['in PKCS #1', pkcs1],
      ['in bare Base64', base64],
      ['in bare Base64 of PKCS #1', pkcs1.split('\n').slice(1, -1).join('')],
      ['in lower case', pem.toLowerCase()],
      ['in upper case', pem.toUpperCase()],
      ['without its first line', lines.slice(1).join('\n')],
      ['without its last line', lines.slice(0, -1).join('\n')],
      ['without its first two lines', lines.slice(2).join('\n')],
      ['with spaces for line breaks', lines.join(' ')],
      ['with written line breaks', lines.join('\\n')],
      ['in hex', keys.publicKey.export({ type: 'spki', format: 'der' }).toString('hex')],
      ['in Base64 for URLs', base64.replaceAll('+', '-').replaceAll('/', '_')],
      ['one line of the published key', WISE_KEY_LINE],
      ['half a line of it', WISE_KEY_LINE.slice(20)],
      ['of OpenSSH', `ssh-rsa ${base64.slice(0, 80)}`],
      [
        'too small',
        generateKeyPairSync('rsa', { modulusLength: 1024 })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      ],
      [
        'of another kind',
        generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ],
    ];

    test.each(forms)('%s', async (_form, stored) => {
      await storeAsBefore(stored);
      const body = transfer();
      const kept = (await vault.getTenantWiseWebhookSecret(tenant)) ?? '';
      for (const secret of [stored, kept, stored.trim(), pem]) {
        for (const algorithm of ['rsa-sha256', 'hmac-sha256', undefined] as const) {
          expect(await verify(body, hmac(body, secret), { algorithm })).toMatchObject({
            valid: false,
          });
        }
      }
      const result = await verify(body, hmac(body, stored), { algorithm: 'hmac-sha256' });
      expect(result).toMatchObject({ code: 'WEBHOOK_KEY_INVALID' });
      expect(JSON.stringify(result)).not.toContain(base64.slice(40, 60));
    });

    test('what is no RSA key of 2 048 bits is told', async () => {
      const body = transfer();
      for (const stored of [pem.toLowerCase(), 'shared', forms.at(-1)?.[1], forms.at(-2)?.[1]]) {
        await storeAsBefore(stored as string);
        expect(await verify(body, rsa(body))).toMatchObject({ code: 'WEBHOOK_KEY_INVALID' });
      }
    });
  });

  test('a proxy’s shared secret is for calls that ask for it', async () => {
    await storeAsBefore('shared');
    const body = transfer();
    const signature = hmac(body, 'shared');
    expect(await verify(body, signature)).toMatchObject({ code: 'WEBHOOK_KEY_INVALID' });
    const options = { algorithm: 'hmac-sha256' } as const;
    expect(await verify(body, signature, options)).toMatchObject({ valid: true });
    expect(await verify(body, hmac(body, 'other'), options)).toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
    const given = { ...options, secret: 'of-the-call' };
    expect(await verify(body, hmac(body, 'of-the-call'), given)).toMatchObject({ valid: true });
    await connect({ webhookSecret: null });
    expect(await verify(body, signature, options)).toMatchObject({ code: 'NOT_CONFIGURED' });
    const odd = { algorithm: 'none' as never };
    expect(await verify(body, signature, odd)).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('signatures that are none', async () => {
    await connect({ webhookSecret: pem });
    for (const header of [undefined, null, '', '***']) {
      expect(await vault.verifyTenantWiseWebhook(tenant, transfer(), header)).toMatchObject({
        code: 'SIGNATURE_MISSING',
      });
    }
    for (const header of ['AAAA', 'A'.repeat(100_000)]) {
      expect(await verify(transfer(), header)).toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
  });

  describe('one key signs for all of Wise’s customers', () => {
    beforeEach(() => connect({ webhookSecret: pem }));

    // Where the events of docs.wise.com, "Event types", name the profile.
    test.each<[string, object]>([
      ['transfers#state-change', { resource: { type: 'transfer', id: 1, profile_id: 222 } }],
      ['transfers#payout-failure', { transfer_id: 1, profile_id: 222 }],
      ['batch-payment-initiations#state-change', { resource: { id: 1, profileId: 222 } }],
      [
        'swift-in#credit',
        { action: { type: 'credit', id: 1, profile_id: 222 }, resource: { id: '5' } },
      ],
      ['profiles#verification-state-change', { resource: { type: 'profile', id: 222 } }],
      ['cards#card-order-status-change', { resource: { type: 'card', profile_id: '222' } }],
      ['partner-support#case-changed', { resource: { case_id: 1, details: { profile_id: 222 } } }],
    ])('an event of another profile is refused: %s', async (_type, data) => {
      const body = about(data);
      expect(await verify(body, rsa(body))).toMatchObject({ valid: true, profileId: '222' });
      const other = body.replace('222', '333');
      expect(await verify(other, rsa(other))).toEqual({
        valid: false,
        code: 'PROFILE_MISMATCH',
        error: 'The event is not about a Wise profile of this tenant',
        profileId: '333',
      });
    });

    test('an event that names no profile is refused', async () => {
      for (const body of [
        about({ resource: { type: 'user', id: 222 } }),
        '{}',
        'null',
        '[]',
        '"x"',
      ]) {
        const result = await verify(body, rsa(body));
        expect(result).toMatchObject({ valid: false, code: 'PROFILE_MISMATCH' });
        expect(result).not.toHaveProperty('profileId');
      }
    });

    test('the caller may name other profiles, or take all', async () => {
      const other = transfer(333);
      for (const profileId of [333, '333', [222, '333'], null]) {
        expect(await verify(other, rsa(other), { profileId })).toMatchObject({ valid: true });
      }
      expect(await verify(transfer(), rsa(transfer()), { profileId: 333 })).toMatchObject({
        valid: false,
      });
      expect(await verify('{}', rsa('{}'), { profileId: null })).toMatchObject({ valid: true });
    });

    test('while no profile is recorded, no event is the tenant’s', async () => {
      tenant = await newTenant();
      await vault.saveTenantWiseConfig(tenant, { apiKey: 'wise', webhookSecret: pem });
      const result = await verify(transfer(), rsa(transfer()));
      expect(result).toMatchObject({ code: 'PROFILE_MISMATCH', profileId: '222' });
      expect((result as { error: string }).error).toContain('verify the Wise credential');
    });
  });
});

test('options that somebody put on every object are none of the caller’s', async () => {
  const prototype = Object.prototype as { toleranceSeconds?: number };
  prototype.toleranceSeconds = 1e9;
  try {
    const header = timestamped(SECRET, BODY, 1);
    expect(await vault.verifyTenantStripeWebhook(tenant, BODY, header, {})).toMatchObject({
      code: 'TIMESTAMP_OUTSIDE_TOLERANCE',
    });
  } finally {
    delete prototype.toleranceSeconds;
  }
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
