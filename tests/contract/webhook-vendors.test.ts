import type { RawBody, WebhookService, WebhookVerification } from '@cgk-platform/integrations';
import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inputFor } from '../kit/fake-vendors';
import type { SentHeaders } from '../kit/service';
import { servicesWith } from '../kit/services';
import { configureVault, newTenant, saveCredential, subtle, vault } from '../kit/vault';
import { SIGNERS, WEBHOOK_SERVICES } from '../kit/webhook-signers';

const WITH_SDK = WEBHOOK_SERVICES.filter((service) => SIGNERS[service].accepts);
const TIMED = WEBHOOK_SERVICES.filter((service) => SIGNERS[service].toleranceSeconds);
const HEX_SIGNED = servicesWith(({ webhook }) => webhook?.hexHeader).map(
  ([service, [header, scheme]]) => [service as WebhookService, header, scheme] as const,
);
const LIST_SIGNED = servicesWith(({ webhook }) => webhook?.listHeader) as [
  WebhookService,
  string,
][];

let tenant: string;

beforeAll(() => configureVault());
beforeEach(async () => {
  tenant = await newTenant();
});

/** Stores the credential of a service with its webhook secret. */
async function connect(service: WebhookService, webhookSecret = SIGNERS[service].secret) {
  await saveCredential(tenant, service, { ...inputFor(service), webhookSecret } as never);
  if (service === 'wise') {
    await vault.updateWiseConfigVerification(tenant, true, { profileId: '222' });
  }
}

function verify(
  service: WebhookService,
  rawBody: RawBody,
  headers: SentHeaders,
  options: object = {},
): Promise<WebhookVerification> {
  return vault.verifyTenantWebhook(
    tenant,
    service,
    { rawBody, headers, url: SIGNERS[service].url },
    options,
  );
}

function sent(service: WebhookService, at = new Date(), body = SIGNERS[service].body): SentHeaders {
  return SIGNERS[service].headers(body, SIGNERS[service].secret, at);
}

describe.each(WEBHOOK_SERVICES)('%s', (service) => {
  const { body, otherSecret } = SIGNERS[service];

  test('what the vendor signs is valid, in every form that frameworks give bodies and headers', async () => {
    await connect(service);
    const headers = sent(service);
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const bytes = new TextEncoder().encode(body);
    const valid = { valid: true, deliveryId: expect.any(String) };
    expect(await verify(service, body, headers)).toMatchObject(valid);
    expect(await verify(service, bytes.buffer, upper)).toMatchObject(valid);
    expect(await verify(service, Buffer.from(body), new Headers(headers) as never)).toMatchObject(
      valid,
    );
  });

  test('another secret, body or tenant is not', async () => {
    await connect(service);
    const forged = SIGNERS[service].headers(body, otherSecret, new Date());
    expect(await verify(service, body, forged)).toMatchObject({ code: 'SIGNATURE_INVALID' });
    if (!SIGNERS[service].signsNoBody) {
      const changed = `${body} `;
      expect(await verify(service, changed, sent(service))).toMatchObject({
        code: 'SIGNATURE_INVALID',
      });
    }
    expect(await verify(service, body, {})).toMatchObject({ code: 'SIGNATURE_MISSING' });
    const own = tenant;
    tenant = await newTenant();
    expect(await verify(service, body, sent(service))).toMatchObject({ code: 'NOT_CONFIGURED' });
    await connect(service, otherSecret);
    expect(await verify(service, body, sent(service))).toMatchObject({ code: 'SIGNATURE_INVALID' });
    tenant = own;
  });

  test('a replay is told by the id of the delivery, asked of right ones only', async () => {
    await connect(service);
    const seen = new Set<string>();
    const isReplay = async (id: string) => seen.size === seen.add(id).size;
    const forged = SIGNERS[service].headers(body, otherSecret, new Date());
    await verify(service, body, forged, { isReplay });
    expect(seen.size).toBe(0);
    const first = await verify(service, body, sent(service), { isReplay });
    expect(first).toMatchObject({ valid: true, deliveryId: [...seen][0] });
    expect(await verify(service, body, sent(service), { isReplay })).toMatchObject({
      code: 'REPLAYED',
    });
    const failing = { isReplay: () => Promise.reject(new Error('no database')) };
    expect(await verify(service, body, sent(service), failing)).toMatchObject({ code: 'INTERNAL' });
  });
});

test.each(WITH_SDK)('the SDK of %s agrees', async (service) => {
  const { body, secret, otherSecret, accepts } = SIGNERS[service];
  await connect(service);
  const forged = SIGNERS[service].headers(body, otherSecret, new Date());
  const late = sent(service, new Date(Date.now() - 3_600_000));
  for (const [text, headers] of [
    [body, sent(service)],
    [`${body} `, sent(service)],
    [body, forged],
    [body, late],
  ] as const) {
    const { valid } = await verify(service, text, headers);
    expect([text, headers, valid]).toEqual([text, headers, await accepts?.(text, headers, secret)]);
  }
});

describe.each(TIMED)('the time of %s', (service) => {
  test('is the first thing that is looked at: a replay costs no computation and no query', async () => {
    // No secret is stored, and nobody finds out.
    const { toleranceSeconds: tolerance = 0 } = SIGNERS[service];
    for (const shift of [-tolerance - 2, tolerance + 2]) {
      const headers = sent(service, new Date(Date.now() + shift * 1_000));
      const result = await verify(service, SIGNERS[service].body, headers);
      expect(result).toMatchObject({ code: 'TIMESTAMP_OUTSIDE_TOLERANCE' });
    }
  });

  test('may be further off where the caller says so', async () => {
    await connect(service);
    const headers = sent(service, new Date(Date.now() - 7_200_000));
    const options = { toleranceSeconds: 10_000 };
    expect(await verify(service, SIGNERS[service].body, headers, options)).toMatchObject({
      valid: true,
    });
    const nan = { toleranceSeconds: Number.NaN };
    expect(await verify(service, SIGNERS[service].body, sent(service), nan)).toMatchObject({
      code: 'TIMESTAMP_OUTSIDE_TOLERANCE',
    });
  });
});

describe('work before authentication', () => {
  test.each(HEX_SIGNED)(
    '2 000 signatures of %s cost what one does',
    async (service, name, scheme) => {
      await connect(service);
      const header = sent(service)[name] as string;
      const [time, right] = header.split(',');
      const wrong = Array(2_000).fill(`${scheme}=${'0'.repeat(64)}`);
      const count = jest.spyOn(subtle, 'sign');
      try {
        const many = { [name]: [time, ...wrong].join(',') };
        expect(await verify(service, SIGNERS[service].body, many)).toMatchObject({
          code: 'SIGNATURE_INVALID',
        });
        expect(count).toHaveBeenCalledTimes(1);
        // Eight are compared, no more.
        const eighth = { [name]: [time, ...wrong.slice(0, 7), right].join(',') };
        expect(await verify(service, SIGNERS[service].body, eighth)).toMatchObject({ valid: true });
        const ninth = { [name]: [time, ...wrong.slice(0, 8), right].join(',') };
        expect(await verify(service, SIGNERS[service].body, ninth)).toMatchObject({ valid: false });
        expect(count).toHaveBeenCalledTimes(3);
        // What is no signature by its form is not worth one.
        for (const odd of ['', 'zz', '0'.repeat(63), '0'.repeat(65), `${'0'.repeat(63)}g`]) {
          const headers = { [name]: `${time},${scheme}=${odd}` };
          expect(await verify(service, SIGNERS[service].body, headers)).toMatchObject({
            code: 'SIGNATURE_INVALID',
          });
        }
        expect(count).toHaveBeenCalledTimes(3);
      } finally {
        count.mockRestore();
      }
    },
  );

  test.each(LIST_SIGNED)('2 000 signatures of %s cost what one does', async (service, name) => {
    await connect(service);
    const headers = sent(service);
    const wrong = Array(2_000).fill(`v1,${'A'.repeat(43)}=`);
    const count = jest.spyOn(subtle, 'sign');
    try {
      const many = { ...headers, [name]: wrong.join(' ') };
      expect(await verify(service, SIGNERS[service].body, many)).toMatchObject({
        code: 'SIGNATURE_INVALID',
      });
      expect(count).toHaveBeenCalledTimes(1);
      const rotated = { ...headers, [name]: `${wrong[0]} v2,x ${headers[name]}` };
      expect(await verify(service, SIGNERS[service].body, rotated)).toMatchObject({
        valid: true,
      });
    } finally {
      count.mockRestore();
    }
  });

  test.each(WEBHOOK_SERVICES)(
    'a body of %s that is too large is not looked at',
    async (service) => {
      const large = 'x'.repeat(1024 * 1024 + 1);
      const count = jest.spyOn(subtle, 'sign');
      for (const body of [large, 'ü'.repeat(1024 * 512 + 1), Buffer.from(large)]) {
        expect(await verify(service, body, sent(service))).toMatchObject({
          code: 'BODY_TOO_LARGE',
        });
      }
      const options = { maxBodyBytes: 10 };
      expect(await verify(service, '12345678901', sent(service), options)).toMatchObject({
        code: 'BODY_TOO_LARGE',
      });
      expect(count).not.toHaveBeenCalled();
      count.mockRestore();
    },
  );
});

describe('standard webhooks', () => {
  test('a secret that is no key is told, not tried', async () => {
    await connect('resend', 'whsec_!no-key!');
    const result = await verify('resend', SIGNERS.resend.body, sent('resend'));
    expect(result).toMatchObject({ code: 'WEBHOOK_KEY_INVALID' });
    expect(JSON.stringify(result)).not.toContain('no-key');
  });

  test('headers of the two kinds are not mixed', async () => {
    await connect('resend');
    const headers = sent('resend');
    const mixed = { ...headers, 'webhook-signature': headers['svix-signature'] as string };
    expect(await verify('resend', SIGNERS.resend.body, mixed)).toMatchObject({
      code: 'SIGNATURE_MISSING',
    });
  });
});

describe('Twilio', () => {
  const { body, secret, url: hook = '' } = SIGNERS.twilio;
  const check = (url: string, headers: SentHeaders, rawBody = body) =>
    vault.verifyTenantTwilioWebhook(tenant, rawBody, headers['x-twilio-signature'], { url });
  const signature = (url: string, fields: object) => {
    const twilio: typeof import('twilio/lib/webhooks/webhooks') = require('twilio/lib/webhooks/webhooks');
    return {
      'x-twilio-signature': twilio.getExpectedTwilioSignature(secret, url, fields as never),
    };
  };

  test('the token of the account is the secret where no other is stored', async () => {
    await saveCredential(tenant, 'twilio', { ...inputFor('twilio'), apiSecret: secret });
    expect(await verify('twilio', body, sent('twilio'))).toEqual({
      valid: true,
      event: { MessageSid: 'SM1', From: '+15550100', To: '+15550101', Body: 'Grüße & mehr' },
      deliveryId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  test('a key of the account’s is not, since Twilio signs with the token', async () => {
    const key = {
      apiKey: `SK${'0'.repeat(32)}`,
      metadata: { accountSid: inputFor('twilio').apiKey },
    };
    await saveCredential(tenant, 'twilio', { ...key, apiSecret: secret } as never);
    expect(await verify('twilio', body, sent('twilio'))).toMatchObject({ code: 'NOT_CONFIGURED' });
    await saveCredential(tenant, 'twilio', { webhookSecret: secret } as never);
    expect(await verify('twilio', body, sent('twilio'))).toMatchObject({ valid: true });
  });

  test('the URL is signed, with its port and without', async () => {
    await connect('twilio');
    expect(await check(`${hook}&more=1`, sent('twilio'))).toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
    for (const url of [
      'https://shop.example.com/hooks',
      "https://shop.example.com:8443/hooks?q='a'%20b",
      'https://user:pass@shop.example.com/hooks?a=1#fragment',
      'http://[::1]:3000/',
      'https://[::1]/',
    ]) {
      const { URL: _, ...fields } = { MessageSid: 'SM1', URL: '' };
      const headers = signature(url, fields);
      expect([url, await check(url, headers, 'MessageSid=SM1')]).toMatchObject([
        url,
        { valid: true },
      ]);
      const bare = signature(url.replace(/:(8443|3000)/, ''), fields);
      expect(await check(url, bare, 'MessageSid=SM1')).toMatchObject({ valid: true });
    }
    const standard = signature('https://shop.example.com:443/hooks', { MessageSid: 'SM1' });
    expect(await check('https://shop.example.com/hooks', standard, 'MessageSid=SM1')).toMatchObject(
      { valid: true },
    );
  });

  test('a URL that is none is told', async () => {
    for (const url of [undefined, '', '/hooks', 'ftp://x/', 'https://']) {
      expect(await check(url as never, sent('twilio'))).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('a name that comes several times counts with each value once', async () => {
    await connect('twilio');
    const headers = signature(hook, { To: ['b', 'a', 'a'], From: 'c' });
    expect(await check(hook, headers, 'To=b&To=a&From=c&To=a')).toMatchObject({
      valid: true,
      event: { To: ['b', 'a', 'a'], From: 'c' },
    });
  });

  test('a body that is no form has its hash in the URL', async () => {
    await connect('twilio');
    const json = '{"a":1}';
    const hash = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862';
    const url = `https://shop.example.com/hooks?bodySHA256=${hash}`;
    expect(await check(url, signature(url, {}), json)).toMatchObject({
      valid: true,
      event: { a: 1 },
    });
    expect(await check(url, signature(url, {}), '{"a":2}')).toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  test('a request without a body has its fields in the URL', async () => {
    await connect('twilio');
    const url = 'https://shop.example.com/hooks?CallSid=CA1';
    expect(await check(url, signature(url, {}), '')).toMatchObject({ event: { CallSid: 'CA1' } });
  });
});

describe('AssemblyAI', () => {
  test('the header has the name that the transcription was given', async () => {
    await connect('assemblyai');
    const { body, secret } = SIGNERS.assemblyai;
    const headers = { 'x-shop-secret': secret };
    const options = { headerName: 'X-Shop-Secret' };
    expect(await verify('assemblyai', body, headers, options)).toMatchObject({ valid: true });
    expect(await verify('assemblyai', body, headers)).toMatchObject({ code: 'SIGNATURE_MISSING' });
    expect(await vault.verifyTenantAssemblyAIWebhook(tenant, body, secret)).toMatchObject({
      valid: true,
    });
    expect(await vault.verifyTenantAssemblyAIWebhook(tenant, body, `${secret}x`)).toMatchObject({
      valid: false,
    });
  });
});

test('a service that signs nothing, or no service, is told', async () => {
  for (const service of ['google_maps', 'cloudflare_r2', 'constructor', '', undefined]) {
    const request = { rawBody: '{}', headers: {} };
    expect(await vault.verifyTenantWebhook(tenant, service as never, request)).toMatchObject({
      valid: false,
      code: 'INPUT_INVALID',
    });
  }
});

test('nothing that is passed makes it reject', async () => {
  for (const request of [undefined, null, {}, 'request', { rawBody: 1, headers: 1 }]) {
    const result = await vault.verifyTenantWebhook(tenant, 'stripe', request as never);
    expect(result).toMatchObject({ valid: false, code: 'PAYLOAD_INVALID' });
  }
  const odd = { rawBody: '{}', headers: { 'stripe-signature': Symbol('x') } };
  for (const options of [undefined, null, 'x', { isReplay: 1 }]) {
    const result = await vault.verifyTenantWebhook(
      tenant,
      'stripe',
      odd as never,
      options as never,
    );
    expect(result).toMatchObject({ valid: false });
  }
});
