// `cgk-integrations doctor`: what is wrong with tenants' tables, and what to do. It changes nothing.

import { parseArgs } from 'node:util';
import { tablesOf } from '../backend/layout.js';
import { type DiagnosisReport, diagnoseTenants, type TenantProblem } from '../storage/diagnosis.js';
import { namesTenants, positiveNumber } from './cli-arguments.js';
import { withProgress } from './cli-progress.js';
import { printFailures } from './cli-report.js';

export const DOCTOR_USAGE = `  doctor                    what is wrong with tables, and what to do; changes nothing
    --tenant <slug> | --all   whose tables
    --concurrency <n>         statements at a time (4), each about 500 tenants
    --json                    the result as JSON`;

/** What the command line asks for. */
export interface DoctorRequest {
  /** One tenant; all without one. */
  tenant: string | undefined;
  concurrency: number | undefined;
  json: boolean;
}

/** Reads the arguments after `doctor`; `undefined` where they are wrong. */
export function readDoctorRequest(args: string[]): DoctorRequest | undefined {
  const { values } = parseArgs({
    args,
    options: {
      tenant: { type: 'string' },
      all: { type: 'boolean' },
      concurrency: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { tenant, all, json } = values;
  const concurrency = positiveNumber(values.concurrency);
  const isWrong = !namesTenants(tenant, all) || Number.isNaN(concurrency);
  return isWrong ? undefined : { tenant, concurrency, json };
}

/** Carries a request out; gives the exit status. */
export async function runDoctor({ tenant, concurrency, json }: DoctorRequest): Promise<number> {
  const tenants = tenant === undefined ? undefined : [tenant];
  const report = await withProgress((shown) => diagnoseTenants({ ...shown, concurrency, tenants }));
  return finish(report, json);
}

function finish(report: DiagnosisReport, json: boolean): number {
  const { healthy, diagnoses, shared, failures, remaining } = report;
  const count = healthy.length + diagnoses.length + failures.length + remaining.length;
  const { layout, sharedSchema } = tablesOf({});
  if (count === 0 && layout === 'schema') {
    console.error('No schema named tenant_<slug> exists in this database.');
    return 1;
  }
  if (json) {
    console.log(JSON.stringify(report));
  } else {
    print(sharedSchema, shared);
    for (const { tenantId, problems } of diagnoses) {
      print(tenantId, problems);
    }
    const what = layout === 'shared' ? 'tenants' : 'schemas';
    console.log(`${healthy.length} of ${count} ${what} are as they should be.`);
  }
  printFailures(failures);
  if (remaining.length > 0) {
    console.error(`${remaining.length} tenants were not looked at.`);
  }
  const problems = [...shared, ...diagnoses.flatMap((diagnosis) => diagnosis.problems)];
  const isHarmful = problems.some(({ harmless }) => !harmless);
  return isHarmful || failures.length + remaining.length > 0 ? 1 : 0;
}

function print(subject: string, problems: TenantProblem[]): void {
  for (const { problem, names, message, remedy } of problems) {
    console.log(`${subject}: ${message} [${problem}]`);
    for (const name of names) {
      console.log(`  ${name}`);
    }
    console.log(`  ${remedy}`);
  }
}
