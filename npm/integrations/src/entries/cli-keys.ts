// `cgk-integrations keys`: what stored values are under, rewriting them, and whether a key can go.

import { parseArgs } from 'node:util';
import { defaultVault } from '../backend/default-vault.js';
import { isIntegrationError } from '../errors.js';
import {
  type EncryptionKeyUsage,
  type KeyRotationFailure,
  type KeyRotationOptions,
  type KeyRotationReport,
  keyUsage,
  rotateEncryptionKeys,
} from '../storage/key-rotation.js';
import { type EncryptionKeySessions, getEncryptionKeySessions } from '../storage/key-sessions.js';
import { listTenants } from '../storage/tenants.js';
import { namesTenants, positiveNumber } from './cli-arguments.js';
import { withProgress } from './cli-progress.js';

export const KEYS_USAGE = `  keys status               which key and format the stored values are under
  keys rotate               rewrite them under INTEGRATION_ENCRYPTION_KEY
  keys verify               whether it alone opens every value, and which processes lack it
    --tenant <slug> | --all   whose values
    --format v1|v2            rotate: the format to write (INTEGRATION_TOKEN_FORMAT)
    --strict                  verify: processes whose keys are unknown count as lacking it
    --dry-run                 rotate: count, and write nothing
    --sample <n>              status, verify: n tenants at random
    --concurrency <n>         tenants at a time (4)
    --max-per-second <n>      values in a second, at most
    --json                    the result as JSON`;

/** Exit statuses beside 0: something could not be read, and values or processes need another key. */
const UNREADABLE = 1;
const OTHER_KEY_NEEDED = 3;

type Action = 'status' | 'rotate' | 'verify';

/** What the command line asks for. */
export interface KeysRequest {
  action: Action;
  tenant: string | undefined;
  sample: number | undefined;
  strict: boolean;
  json: boolean;
  options: KeyRotationOptions;
}

/** Reads the arguments after `keys`; `undefined` where they are wrong. */
export function readKeysRequest(args: string[]): KeysRequest | undefined {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      all: { type: 'boolean' },
      format: { type: 'string' },
      strict: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean' },
      sample: { type: 'string' },
      concurrency: { type: 'string' },
      'max-per-second': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, ...rest] = positionals;
  const { tenant, all, format, strict, json } = values;
  const numbers = [values.sample, values.concurrency, values['max-per-second']].map(positiveNumber);
  const [sample, concurrency, maxPerSecond] = numbers;
  const isWrong =
    rest.length > 0 ||
    !namesTenants(tenant, all) ||
    numbers.includes(Number.NaN) ||
    (format !== undefined && !['v1', 'v2'].includes(format)) ||
    (strict && action !== 'verify') ||
    (action === 'rotate' ? sample !== undefined : format !== undefined || values['dry-run']);
  if (isWrong || !isAction(action)) {
    return undefined;
  }
  const dryRun = values['dry-run'];
  const tokenFormat = format as 'v1' | 'v2' | undefined;
  return {
    action,
    tenant,
    sample,
    strict,
    json,
    options: { tokenFormat, dryRun, concurrency, maxPerSecond },
  };
}

/** Carries a request out; gives the exit status. */
export async function runKeys({
  action,
  tenant,
  sample,
  strict,
  json,
  options,
}: KeysRequest): Promise<number> {
  const slugs = tenant === undefined ? await listTenants() : [tenant];
  const tenants = sample === undefined ? slugs : chooseAtRandom(slugs, sample);
  if (action === 'rotate') {
    const report = await withProgress((shown) =>
      rotateEncryptionKeys({ ...options, ...shown, tenants }),
    );
    const stopped = report.tenants < tenants.length;
    return finishRotation(report, json, options.dryRun === true, stopped);
  }
  const { sessions, usage } = await withProgress(async (shown) => ({
    // Asked before the values are read: what a process wrote until it ended is among them.
    sessions: action === 'verify' ? await readSessions() : undefined,
    usage: await keyUsage(defaultVault, { ...options, ...shown, tenants }),
  }));
  return sessions === undefined
    ? finishStatus(usage, json)
    : finishVerification({ ...usage, sessions }, json, strict);
}

function finishRotation(
  report: KeyRotationReport,
  json: boolean,
  dryRun: boolean,
  stopped: boolean,
): number {
  if (json) {
    console.log(JSON.stringify(report));
  } else {
    const { tenants, values, rewritten, unchanged, changedMeanwhile } = report;
    const verb = dryRun ? 'to rewrite' : 'rewritten';
    console.log(
      `${values} values of ${tenants} tenants: ${rewritten} ${verb}, ${unchanged} were under the current key, ` +
        `${changedMeanwhile} were saved by others in the meantime, ${report.failures.length} failed`,
    );
    if (stopped) {
      console.log('Stopped: run it again to go on.');
    }
  }
  printFailures(report.failures);
  if (report.failures.length > 0) {
    return UNREADABLE;
  }
  return stopped || (dryRun && report.rewritten > 0) ? OTHER_KEY_NEEDED : 0;
}

function finishStatus(usage: EncryptionKeyUsage, json: boolean): number {
  if (json) {
    console.log(JSON.stringify(usage));
  } else {
    printUsage(usage);
  }
  printFailures(usage.failures);
  return usage.failures.length > 0 ? UNREADABLE : 0;
}

/** What `keys verify` found; no sessions where the database does not show them. */
type Verification = EncryptionKeyUsage & { sessions: EncryptionKeySessions[] | null };

function finishVerification(found: Verification, json: boolean, strict: boolean): number {
  const { keys, failures, sessions } = found;
  const needed = sum(keys.filter(({ isCurrent }) => !isCurrent).map(({ values }) => values));
  const behind = connections(sessions ?? [], ['reads', 'lacks']);
  const unknown = sessions === null || connections(sessions, ['unknown']) > 0;
  if (json) {
    console.log(JSON.stringify(found));
  } else {
    printUsage(found);
    console.log(
      needed === 0 && failures.length === 0
        ? 'The current key opens every value.'
        : `The current key does not open ${needed + failures.length} values: keep the others, and run keys rotate.`,
    );
    printSessions(sessions);
  }
  printFailures(failures);
  if (failures.length > 0) {
    return UNREADABLE;
  }
  return needed > 0 || behind > 0 || (strict && unknown) ? OTHER_KEY_NEEDED : 0;
}

function printUsage({ values, tenants, keys }: EncryptionKeyUsage): void {
  console.log(`${values} values of ${tenants} tenants`);
  for (const { table, format, keyId, isCurrent, values } of keys) {
    const key = `${isCurrent ? 'the current key' : 'another key'}${keyId ? ` (${keyId})` : ''}`;
    console.log(`  ${table}: ${values} ${format} under ${key}`);
  }
}

/** What a session's keys mean, in the order in which it matters. */
const SESSION_KEYS = {
  lacks: 'do not know the current key: deploy it there before values are rewritten',
  reads:
    'read with the current key and write with another one: deploy it there as the one that writes',
  unknown: 'may know it or not: a pooler, HTTP, an earlier version or another program',
  current: 'write with the current key',
};

function printSessions(sessions: EncryptionKeySessions[] | null): void {
  if (sessions === null) {
    console.log(
      'The database does not show its sessions: which keys other processes know is unknown.',
    );
    return;
  }
  for (const [keys, meaning] of Object.entries(SESSION_KEYS)) {
    const found = sessions.filter((session) => session.keys === keys);
    if (found.length > 0) {
      console.log(`${sum(found.map(({ connections }) => connections))} sessions ${meaning}`);
    }
    for (const { name, connections } of found) {
      console.log(`  ${name || '(no name)'}: ${connections}`);
    }
  }
}

/** `null` where the database does not show its sessions; what is wrong with a key, the values say. */
async function readSessions(): Promise<EncryptionKeySessions[] | null> {
  try {
    return await getEncryptionKeySessions();
  } catch (error) {
    if (isIntegrationError(error)) {
      return null;
    }
    throw error;
  }
}

function connections(
  sessions: EncryptionKeySessions[],
  keys: EncryptionKeySessions['keys'][],
): number {
  return sum(
    sessions.filter((session) => keys.includes(session.keys)).map(({ connections }) => connections),
  );
}

function sum(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function printFailures(failures: KeyRotationFailure[]): void {
  for (const { tenantId, service, field, code } of failures) {
    console.error([tenantId, service, field, code].filter((part) => part !== null).join(' '));
  }
}

function chooseAtRandom(slugs: string[], count: number): string[] {
  const rest = [...slugs];
  const take = () => rest.splice(Math.floor(Math.random() * rest.length), 1);
  return Array.from({ length: Math.min(count, rest.length) }, take).flat();
}

function isAction(action: string | undefined): action is Action {
  return action === 'status' || action === 'rotate' || action === 'verify';
}
