// `cgk-integrations keys`: what stored values are under, rewriting them, and whether a key can go.

import { parseArgs } from 'node:util';
import { defaultVault } from '../backend/default-vault.js';
import {
  type EncryptionKeyUsage,
  type KeyRotationFailure,
  type KeyRotationOptions,
  type KeyRotationReport,
  keyUsage,
  rotateEncryptionKeys,
} from '../storage/key-rotation.js';
import { listTenants } from '../storage/tenants.js';
import { positiveNumber } from './cli-arguments.js';
import { sayWaiting, showProgress } from './cli-progress.js';

export const KEYS_USAGE = `  keys status               which key and format the stored values are under
  keys rotate               rewrite them under INTEGRATION_ENCRYPTION_KEY
  keys verify               whether it alone opens every value, so that others can go
    --tenant <slug> | --all   whose values
    --format v1|v2            rotate: the format to write (INTEGRATION_TOKEN_FORMAT)
    --dry-run                 rotate: count, and write nothing
    --sample <n>              status, verify: n tenants at random
    --concurrency <n>         tenants at a time (4)
    --max-per-second <n>      values in a second, at most
    --json                    the result as JSON`;

/** Exit statuses beside 0: something could not be read, and values are under another key. */
const UNREADABLE = 1;
const OTHER_KEY_NEEDED = 3;

type Action = 'status' | 'rotate' | 'verify';

/** What the command line asks for. */
export interface KeysRequest {
  action: Action;
  tenant: string | undefined;
  sample: number | undefined;
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
      'dry-run': { type: 'boolean' },
      sample: { type: 'string' },
      concurrency: { type: 'string' },
      'max-per-second': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, ...rest] = positionals;
  const { tenant, all, format, json } = values;
  const numbers = [values.sample, values.concurrency, values['max-per-second']].map(positiveNumber);
  const [sample, concurrency, maxPerSecond] = numbers;
  const isWrong =
    rest.length > 0 ||
    (tenant !== undefined) === (all === true) ||
    numbers.includes(Number.NaN) ||
    (format !== undefined && !['v1', 'v2'].includes(format)) ||
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
    json,
    options: { tokenFormat, dryRun, concurrency, maxPerSecond },
  };
}

/** Carries a request out; gives the exit status. */
export async function runKeys({
  action,
  tenant,
  sample,
  json,
  options,
}: KeysRequest): Promise<number> {
  const slugs = tenant === undefined ? await listTenants() : [tenant];
  const tenants = sample === undefined ? slugs : chooseAtRandom(slugs, sample);
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const progress = showProgress();
  const all = {
    ...options,
    tenants,
    signal: controller.signal,
    onProgress: progress.show,
    onWaiting: sayWaiting,
  };
  try {
    if (action === 'rotate') {
      const report = await rotateEncryptionKeys(all);
      progress.end();
      const stopped = report.tenants < tenants.length;
      return finishRotation(report, json, options.dryRun === true, stopped);
    }
    const usage = await keyUsage(defaultVault, all);
    progress.end();
    return finishUsage(usage, json, action);
  } finally {
    progress.end();
    process.removeListener('SIGINT', stop);
  }
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

function finishUsage(usage: EncryptionKeyUsage, json: boolean, action: Action): number {
  const others = usage.keys.filter(({ isCurrent }) => !isCurrent);
  const needed = others.reduce((sum, { values }) => sum + values, 0);
  if (json) {
    console.log(JSON.stringify(usage));
  } else {
    console.log(`${usage.values} values of ${usage.tenants} tenants`);
    for (const { table, format, keyId, isCurrent, values } of usage.keys) {
      const key = `${isCurrent ? 'the current key' : 'another key'}${keyId ? ` (${keyId})` : ''}`;
      console.log(`  ${table}: ${values} ${format} under ${key}`);
    }
    if (action === 'verify') {
      console.log(
        needed === 0 && usage.failures.length === 0
          ? 'The current key opens every value.'
          : `The current key does not open ${needed + usage.failures.length} values: keep the others, and run keys rotate.`,
      );
    }
  }
  printFailures(usage.failures);
  if (usage.failures.length > 0) {
    return UNREADABLE;
  }
  return needed > 0 && action === 'verify' ? OTHER_KEY_NEEDED : 0;
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
