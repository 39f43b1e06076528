// Signatures of Stripe's webhooks: our verdict is that of Stripe's own library, but for the
// differences that docs/webhooks.md has.

import { createHmac } from 'node:crypto';
import * as vault from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect } from '@jest/globals';
import Stripe from 'stripe';
import { campaign } from '../kit/campaign';
import { databaseUrl, newSlug } from '../kit/database';
import type { Random } from '../kit/random';

const SECRET = 'whsec_fuzz-0123456789abcdef';
const TOLERANCE = 300;
const MAX_CANDIDATES = 8;
const BODIES = [
  '{"id":"evt_1","object":"event"}',
  '{}',
  'null',
  '1',
  '"ü🔑"',
  '{',
  '',
  'x',
  ' {} ',
];

const stripe = new Stripe('sk_test_fuzz');
const tenant = newSlug();

beforeAll(async () => {
  const encryptionKey = 'fuzz-master-key-0123456789abcdefgh';
  vault.configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey });
  await vault.createTenant(tenant);
  await vault.saveTenantStripeConfig(tenant, { secretKey: 'sk_test_1', webhookSecret: SECRET });
});

afterAll(() => vault.closeIntegrations());

campaign({
  name: 'webhook-headers',
  share: 1,
  outcomes: ['accepted', 'refused', 'stricter', 'more lenient'],
  async run(random) {
    const body = random.chance(0.7) ? random.pick(BODIES) : JSON.stringify(random.text());
    const header = someHeader(random, body);
    const raw = random.chance(0.5) ? body : Buffer.from(body);
    const theirs = stripeAccepts(raw, header);
    const expected = isRightHere(body, header);
    const result = await vault.verifyTenantStripeWebhook(tenant, raw, header);
    if (result.valid !== expected) {
      throw new Error(`Stripe: ${theirs}, here: ${JSON.stringify(result)}: ${header} over ${body}`);
    }
    if (!result.valid) {
      expect(result).toEqual({
        valid: false,
        code: expect.stringMatching(/^(SIGNATURE_|TIMESTAMP_|PAYLOAD_)/),
        error: expect.any(String),
      });
    }
    if (theirs === expected) {
      return theirs ? 'accepted' : 'refused';
    }
    return theirs ? 'stricter' : 'more lenient';
  },
});

function someHeader(random: Random, body: string): string {
  const now = Math.floor(Date.now() / 1000);
  const offset = random.chance(0.6) ? 0 : random.pick([-290, -310, -1e6, 290, 310, 1e6, -now - 1]);
  const time = someTime(random, String(now + offset));
  const signed = `${Number.parseInt(time, 10)}.${body}`;
  const signature = createHmac('sha256', SECRET).update(signed).digest('hex');
  const parts = [`t=${time}`, `v1=${signature}`];
  const extra = random.chance(0.4) ? random.list(12, () => someOther(random, signature)) : [];
  for (const part of extra) {
    parts.splice(random.below(parts.length + 1), 0, part);
  }
  const header = parts.join(random.chance(0.95) ? ',' : random.pick([', ', ';', ',,']));
  return random.oneOf(
    () => header,
    () => header,
    () => header,
    () => random.damaged(header),
    () => header.replace(signature, signature.toUpperCase()),
  );
}

function someTime(random: Random, time: string): string {
  return random.chance(0.9)
    ? time
    : random.pick([
        `${time}x`,
        ` ${time}`,
        `+${time}`,
        `0${time}`,
        `${time}.5`,
        `${time}e3`,
        'x',
        '',
      ]);
}

function someOther(random: Random, signature: string): string {
  return random.pick([
    `v1=${random.hex(32)}`,
    `v1=${random.hex(32)}`,
    `v1=${random.hex(20)}`,
    `v0=${signature}`,
    `v1=${signature}`,
    `t=${Math.floor(Date.now() / 1000)}`,
    'v1',
    '',
    random.text(2).replaceAll(/[\r\n\0]/g, ''),
  ]);
}

function stripeAccepts(body: string | Buffer, header: string): boolean {
  try {
    stripe.webhooks.constructEvent(body, header, SECRET, TOLERANCE);
    return true;
  } catch {
    return false;
  }
}

/**
 * What docs/webhooks.md has beside Stripe's library: no time to come, no second time, nothing but
 * digits in it, eight signatures at most; upper case, white space and empty signatures are harmless.
 */
function isRightHere(body: string, header: string): boolean {
  const parts = header.split(',').map((part) => part.trim().split('='));
  const named = (wanted: string) =>
    parts.filter(([name]) => name === wanted).map(([, value = '']) => value.toLowerCase());
  const [time = '', ...moreTimes] = named('t');
  const isTimeRight =
    moreTimes.length === 0 &&
    // Stripe's library signs the number that it reads, without zeros before it.
    /^[1-9]\d*$/.test(time) &&
    Number(time) - Date.now() / 1000 <= TOLERANCE;
  const compared = named('v1').filter((text) => /^[0-9a-f]{64}$/.test(text));
  const plain = compared.slice(0, MAX_CANDIDATES).map((text) => `,v1=${text}`);
  return isTimeRight && stripeAccepts(body, `t=${time}${plain.join('')}`);
}
