// `cgk-integrations move`: tenants from schemas of their own to tables that they share, and back.

import { parseArgs } from 'node:util';
import { type MoveReport, moveTenants } from '../storage/move.js';
import type { Layout } from '../types.js';
import { namesTenants, positiveNumber } from './cli-arguments.js';
import { withProgress } from './cli-progress.js';
import { printFailures, printRemaining } from './cli-report.js';

export const MOVE_USAGE = `  move --to shared|schema   move tenants to the tables that tenants share, or to schemas of their own
    --tenant <slug> | --all   whose tables
    --concurrency <n>         tenants at a time (4)
    --json                    the result as JSON`;

/** What the command line asks for. */
export interface MoveRequest {
  to: Layout;
  /** One tenant; all without one. */
  tenant: string | undefined;
  concurrency: number | undefined;
  json: boolean;
}

/** Reads the arguments after `move`; `undefined` where they are wrong. */
export function readMoveRequest(args: string[]): MoveRequest | undefined {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      tenant: { type: 'string' },
      all: { type: 'boolean' },
      concurrency: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { to, tenant, all, json } = values;
  const concurrency = positiveNumber(values.concurrency);
  const isWrong =
    positionals.length > 0 ||
    !namesTenants(tenant, all) ||
    Number.isNaN(concurrency) ||
    (to !== 'schema' && to !== 'shared');
  return isWrong ? undefined : { to, tenant, concurrency, json };
}

/** Carries a request out; gives the exit status. */
export async function runMove({ to, tenant, concurrency, json }: MoveRequest): Promise<number> {
  const tenants = tenant === undefined ? undefined : [tenant];
  const report = await withProgress((shown) => moveTenants({ ...shown, to, concurrency, tenants }));
  return finish(report, json);
}

function finish(report: MoveReport, json: boolean): number {
  const { moved, unchanged, failures, remaining } = report;
  console.log(
    json
      ? JSON.stringify(report)
      : `${moved.length} tenants moved, ${unchanged.length} were there already, ${failures.length} failed`,
  );
  printFailures(failures);
  printRemaining(remaining);
  return failures.length + remaining.length > 0 ? 1 : 0;
}
