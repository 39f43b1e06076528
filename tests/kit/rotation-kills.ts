// A process that rotates keys is killed at random while three others read and two save: no read fails, no
// save is lost, and what is run again finishes the rest.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  createIntegrations,
  type KeyRotationReport,
  SERVICE_CATALOG,
} from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { campaign, report } from './campaign';
import { runCli } from './cli';
import { newDatabase, newSlug } from './database';
import { inputFor } from './fake-vendors';
import { Random } from './random';
import type { Job } from './rotation-process.mjs';
import { everyByte } from './stored-tokens';
import { until } from './until';
import { SIGNERS } from './webhook-signers';

const READERS = 3;
const WRITERS = 2;
const VALUES_OF_A_TENANT = 20;
const [A, B] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
const PREPARATION_MS = 1_200_000;

export interface RotationKills {
  name: string;
  /** What part of the cases that are asked for it runs; each is a kill. */
  share: number;
  /** How many tenants: in the short form, and where 20 000 cases are asked for. */
  tenants: [short: number, long: number];
  /** Where the processes find the database. */
  connect(databaseUrl: string): Promise<Pick<Job, 'databaseUrl' | 'neonEndpoint'>>;
}

/** What a process says. */
interface Said {
  isBusy?: boolean;
  done?: number;
  report?: KeyRotationReport;
  failure?: string;
  reads?: number;
  saves?: number;
  saved?: Record<string, number>;
}

export function rotationKills({ name, share, tenants: [short, long], connect }: RotationKills) {
  const { FUZZ_CASES } = process.env;
  const count =
    FUZZ_CASES === undefined ? short : Math.max(short, (Number(FUZZ_CASES) * long) / 20_000);
  const tenants = Array.from({ length: Math.ceil(count) }, (_, number) => `shop_${number}`);
  const values = tenants.length * VALUES_OF_A_TENANT;
  /** How often a rotation is also run to its end, which takes the longer the more tenants there are. */
  const finishing = Math.min(0.3, 40 / tenants.length);
  const secrets = secretsOfATenant();
  const heard: Said[] = [];
  const failures = () => heard.flatMap(({ failure }) => failure ?? []);
  const others: ChildProcess[] = [];
  let url: string;
  let place: Pick<Job, 'databaseUrl' | 'neonEndpoint'>;

  const start = (job: Pick<Job, 'role' | 'keys' | 'tokenFormat' | 'tenants'>) => {
    const env = { PATH: process.env.PATH, JOB: JSON.stringify({ ...place, ...job, secrets }) };
    return fork(join(__dirname, 'rotation-process.mjs'), { env, execArgv: [] });
  };

  beforeAll(async () => {
    url = await newDatabase(`rotation_${newSlug()}`);
    place = await connect(url);
    await prepare(url, tenants, secrets);
    const random = new Random(name);
    for (let index = 0; index < READERS; index += 1) {
      const keys = [A, B];
      others.push(
        start({ role: 'read', keys, tokenFormat: 'v1', tenants: shuffled(random, tenants) }),
      );
    }
    for (let index = 0; index < WRITERS; index += 1) {
      const own = tenants.filter((_tenant, number) => number % WRITERS === index);
      // One is not deployed yet: it writes under the former key, in the former format.
      const [keys, tokenFormat] =
        index === 0 ? ([[A, B], 'v1'] as const) : ([[B, A], 'v2'] as const);
      others.push(
        start({ role: 'save', keys: [...keys], tokenFormat, tenants: shuffled(random, own) }),
      );
    }
    for (const other of others) {
      other.on('message', (said) => heard.push(said as Said));
    }
    await until(() => heard.filter(({ isBusy }) => isBusy).length === others.length);
  }, PREPARATION_MS);

  afterAll(() => {
    for (const other of others) {
      other.kill('SIGKILL');
    }
  });

  campaign({
    name,
    share,
    outcomes: ['killed'],
    async run(random) {
      const keys = random.chance(0.5) ? [A, B] : [B, A];
      const tokenFormat = random.chance(0.2) ? 'v1' : 'v2';
      const job = {
        role: 'rotate',
        keys,
        tokenFormat,
        tenants: shuffled(random, tenants),
      } as const;
      const rotation = start(job);
      // A value of v1 takes a hundred times as long.
      const most = Math.min(tenants.length / 2, tokenFormat === 'v1' ? 8 : 30);
      await kill(rotation, random.below(most), random.below(10));
      const finishes = tokenFormat === 'v2' && random.chance(finishing);
      if (finishes) {
        const rotated = await finished(start(job));
        const { rewritten, unchanged, changedMeanwhile } = rotated;
        expect(rotated).toMatchObject({ tenants: tenants.length, values, failures: [] });
        expect(rewritten + unchanged + changedMeanwhile).toBe(values);
      }
      expect(failures()).toEqual([]);
      const was = rotation.signalCode === 'SIGKILL' ? 'killed' : 'too fast to be killed';
      return finishes ? `${was}, then finished` : was;
    },
  });

  test(
    'what the kills left behind is finished by running it again, and nothing was lost',
    async () => {
      for (const other of others) {
        expect(other.exitCode).toBeNull();
        const ended = hasEnded(other);
        other.send('stop');
        await ended;
      }
      expect(failures()).toEqual([]);
      const sum = (part: 'reads' | 'saves') =>
        heard.reduce((total, said) => total + (said[part] ?? 0), 0);
      expect(Math.min(sum('reads'), sum('saves'))).toBeGreaterThan(0);
      const outcomes = { reads: sum('reads'), saves: sum('saves'), values };
      report({ campaign: `${name}, the processes beside`, outcomes });

      const variables = {
        POSTGRES_URL: url,
        INTEGRATION_ENCRYPTION_KEY: A,
        INTEGRATION_ENCRYPTION_KEY_PREVIOUS: B,
      };
      const rotate = ['keys', 'rotate', '--all', '--format', 'v2', '--json'];
      const before = await everyByte(url);
      const dry = JSON.parse((await runCli([...rotate, '--dry-run'], variables)).output);
      expect(await everyByte(url)).toBe(before);
      expect(dry).toMatchObject({ values, failures: [] });
      const { status, output } = await runCli(rotate, variables);
      expect(status).toBe(0);
      expect(JSON.parse(output)).toEqual({ ...dry, changedMeanwhile: 0 });
      const alone = { ...variables, INTEGRATION_ENCRYPTION_KEY_PREVIOUS: '' };
      const verified = await runCli(['keys', 'verify', '--all', '--json'], alone);
      expect(verified.status).toBe(0);
      expect(JSON.parse(verified.output)).toMatchObject({ values, failures: [] });
      expect(await savedKeys(url, tenants)).toEqual(
        Object.assign(
          Object.fromEntries(tenants.map((tenant) => [tenant, 0])),
          ...heard.map(({ saved }) => saved),
        ),
      );
    },
    PREPARATION_MS,
  );
}

/** Kills a rotation, so many milliseconds after it was done with so many tenants. */
async function kill(rotation: ChildProcess, tenants: number, delayMs: number): Promise<void> {
  const exited = once(rotation, 'exit');
  await new Promise<void>((resolve) => {
    rotation.on('message', ({ done = 0 }: Said) => done >= tenants && resolve());
    rotation.on('exit', () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  rotation.kill('SIGKILL');
  await exited;
}

async function finished(rotation: ChildProcess): Promise<KeyRotationReport> {
  let report: KeyRotationReport | undefined;
  rotation.on('message', (said: Said) => {
    report = said.report ?? report;
  });
  await hasEnded(rotation);
  expect(rotation.exitCode).toBe(0);
  return report as KeyRotationReport;
}

/** Waits until a process ended and all that it said was heard. */
async function hasEnded(process: ChildProcess): Promise<void> {
  await Promise.all([once(process, 'exit'), once(process, 'disconnect')]);
}

type Secrets = Job['secrets'];

/** Of all services, with as many webhook secrets as make the values 20, one of which is saved again and again. */
function secretsOfATenant(): Secrets {
  const secrets: Secrets = {};
  let values = 1;
  for (const { id, fields } of SERVICE_CATALOG) {
    const input = inputFor(id) as Record<string, unknown>;
    const own = fields.filter(({ name, kind }) => kind === 'secret' && name in input);
    const given = own.filter(({ name }) => id !== 'openai' || name !== 'apiKey');
    secrets[id] = Object.fromEntries(given.map(({ name }) => [name, String(input[name])]));
    values += given.length;
  }
  for (const [id, { secret }] of Object.entries(SIGNERS).slice(0, VALUES_OF_A_TENANT - values)) {
    secrets[id] = { ...secrets[id], webhookSecret: secret };
  }
  return secrets;
}

async function prepare(url: string, tenants: string[], secrets: Secrets): Promise<void> {
  const options = { databaseUrl: url, encryptionKey: A, tokenFormat: 'v2' } as const;
  const vault = createIntegrations(options);
  const waiting = [...tenants];
  const work = async () => {
    for (let tenant = waiting.pop(); tenant !== undefined; tenant = waiting.pop()) {
      await vault.createTenant(tenant);
      for (const { id } of SERVICE_CATALOG) {
        const input = {
          ...inputFor(id),
          ...secrets[id],
          ...(id === 'openai' && { apiKey: 'sk-0' }),
        };
        await vault.saveTenantCredential(tenant, id, input as never);
      }
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  expect((await vault.getEncryptionKeyUsage()).values).toBe(tenants.length * VALUES_OF_A_TENANT);
  await vault.close();
}

/** The number that the saved key of each tenant ends with. */
async function savedKeys(url: string, tenants: string[]): Promise<Record<string, number>> {
  const vault = createIntegrations({ databaseUrl: url, encryptionKey: A });
  const saved: Record<string, number> = {};
  for (const tenant of tenants) {
    const key = await vault.getTenantApiKey(tenant, 'openai');
    saved[tenant] = Number(key?.replace('sk-', ''));
  }
  await vault.close();
  return saved;
}

function shuffled<T>(random: Random, list: T[]): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.below(rest.length), 1)[0] as T);
}
