// Connection strings: what reaches the server is what `pg` would send, and what is refused is refused
// without a word of it. Strings that name other hosts are for `npm run fuzz:rust`, which does not
// connect.

import * as vault from '@cgk-platform/integrations/native';
import { closeIntegrations, configureIntegrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { parse } from 'pg-connection-string';
import { campaign, settle } from '../kit/campaign';
import { expectUnmarked, markedText } from '../kit/canary';
import { type GreetedServer, type Greeting, startGreetedServer } from '../kit/greeted-server';
import { type Random, wellFormed } from '../kit/random';

const HARMLESS = ['pgbouncer=true', 'connection_limit=5', 'sslmode=disable', 'application_name=a'];

let servers: GreetedServer[];

beforeAll(async () => {
  servers = [await startGreetedServer(), await startGreetedServer()];
});

afterAll(async () => {
  await closeIntegrations();
  await Promise.all(servers.map((server) => server.close()));
});

campaign({
  name: 'connection-strings',
  share: 0.5,
  outcomes: ['DATABASE_AUTHENTICATION', 'CONFIG_INVALID'],
  async run(random) {
    const url = someUrl(random);
    configureIntegrations({ databaseUrl: url, encryptionKey: 'k'.repeat(32) });
    const settled = await settle(() => vault.getTenantStripeConfig('acme'));
    const [greeting] = servers.flatMap((server) => server.greetings.splice(0));
    if (!('code' in settled)) {
      throw new Error(`Nobody is let in, and yet this was: ${url}`);
    }
    expectUnmarked(settled.message);
    // The server is there, and asks each that can be told who it is.
    expect([url, settled.code]).toEqual([
      url,
      greeting ? 'DATABASE_AUTHENTICATION' : 'CONFIG_INVALID',
    ]);
    const theirs = readByPg(url);
    if (greeting && theirs) {
      expect([url, greeting]).toEqual([url, theirs]);
    }
    if (settled.code === 'DATABASE_UNAVAILABLE')
      process.stderr.write(`U ${settled.message} <- ${url}\n`);
    return String(settled.code);
  },
});

function someUrl(random: Random): string {
  const { port } = random.pick(servers);
  const scheme = random.pick(['postgres', 'postgresql']);
  const user = encoded(random, random.chance(0.7) ? 'user' : random.text(3));
  const password = encoded(random, markedText(random));
  const host = random.pick(['127.0.0.1', 'localhost']);
  const database = random.chance(0.1) ? '' : `/${encoded(random, random.text(3))}`;
  const parameters = random.list(3, () =>
    random.chance(0.8) ? random.pick(HARMLESS) : someParameter(random, port),
  );
  return `${scheme}://${user}:${password}@${host}:${port}${database}?${parameters.join('&')}`;
}

function someParameter(random: Random, port: number): string {
  return random.oneOf(
    () => `user=${encoded(random, `u${random.text(2)}`)}`,
    () => `port=${port}`,
    () => `password=${encoded(random, markedText(random))}`,
    () => `connect_timeout=${markedText(random).replaceAll(/[^a-z0-9]/gi, '')}`,
    () => `sslmode=${encoded(random, markedText(random))}`,
    () => `${encoded(random, markedText(random))}=1`,
    () => encoded(random, markedText(random)),
  );
}

/** Sometimes more than need be, sometimes in lower case, sometimes with an escape that is none. */
function encoded(random: Random, text: string): string {
  const plain = encodeURIComponent(wellFormed(text));
  return random.oneOf(
    () => plain,
    () => plain,
    () => plain.replaceAll(/%../g, (encoding) => encoding.toLowerCase()),
    () => plain.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    () => `${plain}%${random.pick(['', 'z', 'zz', '4', 'ff'])}`,
  );
}

/** What `pg` would send; nothing where it refuses the string or would take something by default. */
function readByPg(url: string): Greeting | undefined {
  // Where an escape is none, it encodes the whole string once more, and so the right ones twice.
  if (/%(?![0-9a-f]{2})/i.test(url)) {
    return undefined;
  }
  try {
    const { user, password, port, database } = parse(url);
    if (!user || !password || !database) {
      return undefined;
    }
    // It leaves `/`, `?` and a few others encoded in the name of the database, which libpq does not.
    const decoded = decodeURIComponent(new URL(url).pathname.slice(1));
    return { port: Number(port), user, password, database: decoded };
  } catch {
    return undefined;
  }
}
