// v2 tokens: the addon, WebAssembly, Node's crypto and WebCrypto agree on every one, whole or damaged.

import * as native from '@cgk-platform/integrations/native';
import * as wasm from '@cgk-platform/integrations/wasm';
import { expect } from '@jest/globals';
import { campaign, settle } from '../kit/campaign';
import { type Random, wellFormed } from '../kit/random';
import { nodeReference, type Opened, type Place, webReference } from '../kit/reference-v2';

const BACKENDS = [native, wasm];
const REFERENCES = [nodeReference, webReference];
/** Generated keys, in all their forms. */
const KEYS = ['0f'.repeat(32), 'AB'.repeat(32), 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='];
const PLACES: Place[] = [
  {},
  { tenantId: 'acme', service: 'stripe', field: 'secretKey' },
  { tenantId: 'acme', service: 'stripe', field: 'webhookSecret' },
  { tenantId: 'acme', service: 'wise', field: 'apiKey' },
  { tenantId: 'rawdog', service: 'stripe', field: 'secretKey' },
];

campaign({
  name: 'tokens-v2',
  share: 1,
  outcomes: ['value', 'TOKEN_FORMAT', 'DECRYPTION_FAILED', 'KEY_UNKNOWN', 'written'],
  async run(random) {
    if (random.chance(0.3)) {
      await checkWritten(random);
      return 'written';
    }
    const [key, place] = [someKey(random), somePlace(random)];
    const token = await someToken(random, key, place);
    const [askedKey, askedPlace] = random.chance(0.7)
      ? [key, place]
      : [random.chance(0.5) ? key : someKey(random), somePlace(random)];
    return checkRead(token, askedKey, askedPlace);
  },
});

/** What each writes is read by all, at its place and under its key. */
async function checkWritten(random: Random): Promise<void> {
  const [key, place, text] = [someKey(random), somePlace(random), random.text()];
  for (const { encryptToken } of BACKENDS) {
    const token = await encryptToken(text, key, { format: 'v2', ...place });
    expect(token).toMatch(new RegExp(`^v2\\.${await webReference.keyId(key)}\\.[A-Za-z0-9_-]+$`));
    expect(await checkRead(token, key, place)).toBe('value');
    expect(await nodeReference.open(token, key, place)).toEqual({ value: wellFormed(text) });
  }
}

/** All give the same plaintext or the same code. */
async function checkRead(token: string, key: string, place: Place): Promise<string> {
  const expected = await nodeReference.open(token, key, place);
  expect(await webReference.open(token, key, place)).toEqual(expected);
  for (const { decryptToken } of BACKENDS) {
    const context = place as Required<Place>;
    const opened = await settle(() => decryptToken(token, key, context));
    expect('code' in opened ? { code: opened.code } : opened).toEqual(expected);
  }
  return outcomeOf(expected);
}

function someKey(random: Random): string {
  return random.oneOf(
    () => random.pick(KEYS),
    () => random.hex(32),
    () => random.bytes(32).toString('base64'),
  );
}

function somePlace(random: Random): Place {
  return random.chance(0.5)
    ? random.pick(PLACES)
    : {
        tenantId: random.characters('abcxyz019_', 1 + random.below(56)),
        service: `s${random.text()}`,
        field: `f${random.text(40)}`,
      };
}

async function someToken(random: Random, key: string, place: Place): Promise<string> {
  // Not always UTF-8, which no vault writes, but which a key holder could.
  const plaintext = random.chance(0.05) ? random.bytes(9) : Buffer.from(random.text());
  const ingredients = { key, place, salt: random.bytes(32), plaintext };
  const [token, again] = await Promise.all(REFERENCES.map(({ seal }) => seal(ingredients)));
  expect(again).toBe(token);
  return random.oneOf(
    () => token as string,
    () => token as string,
    () => random.damaged(token as string),
    () => withChangedBody(random, token as string),
    () => (random.chance(0.2) ? random.text() : `v2.${random.hex(4)}.${random.text()}`),
  );
}

/** Another byte or length, in canonical base64url. */
function withChangedBody(random: Random, token: string): string {
  const [version, id, text = ''] = token.split('.');
  const body = Buffer.from(text, 'base64url');
  const at = random.below(body.length);
  const changed = random.oneOf(
    () => Buffer.concat([body.subarray(0, at), random.bytes(1), body.subarray(at + 1)]),
    () =>
      Buffer.concat([
        random.pick([Buffer.of(1, 0), Buffer.of(1, 1), Buffer.of(0x11, 1)]),
        body.subarray(2),
      ]),
    () => body.subarray(0, at),
    () => Buffer.concat([body, random.bytes(1)]),
  );
  return [version, id, changed.toString('base64url')].join('.');
}

function outcomeOf(opened: Opened): string {
  return 'code' in opened ? opened.code : 'value';
}
