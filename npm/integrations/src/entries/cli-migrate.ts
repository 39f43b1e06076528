// `cgk-integrations migrate` and `create`: the credential tables of one tenant, or of all.

import { parseArgs } from 'node:util';
import { defaultVault } from '../backend/default-vault.js';
import { tablesOf } from '../backend/layout.js';
import { type FleetOptions, failureOf, forEachTenant } from '../storage/fleet.js';
import { createTenant, type MigrationReport, migrateTenants } from '../storage/tenants.js';
import { namesTenants, positiveNumber } from './cli-arguments.js';
import { withProgress } from './cli-progress.js';
import { printFailures, printRemaining } from './cli-report.js';

export const MIGRATE_USAGE = `  migrate --tenant <slug>   make the credential tables in one tenant's schema
  migrate --all             … in every schema named tenant_<slug> that lacks some; with
                            INTEGRATION_LAYOUT=shared the tables that tenants share
    --concurrency <n>         tenants at a time (4)
    --json                    the result as JSON
  create --tenant <slug>    make the schema, too (for demos and tests); with
                            INTEGRATION_LAYOUT=shared, make the tenant known to the tables`;

/** What the command line asks for. */
export interface MigrateRequest {
  /** Makes the schema, too. */
  create: boolean;
  /** One tenant; all without one. */
  tenant: string | undefined;
  concurrency: number | undefined;
  json: boolean;
}

/** Reads the arguments; `undefined` where they are wrong. */
export function readMigrateRequest(args: string[]): MigrateRequest | undefined {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      all: { type: 'boolean' },
      concurrency: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [command, ...rest] = positionals;
  const { tenant, all, json } = values;
  const concurrency = positiveNumber(values.concurrency);
  const create = command === 'create';
  const isWrong =
    rest.length > 0 ||
    !namesTenants(tenant, all) ||
    Number.isNaN(concurrency) ||
    !(command === 'migrate' || (create && tenant !== undefined));
  return isWrong ? undefined : { create, tenant, concurrency, json };
}

/** Carries a request out; gives the exit status. */
export async function runMigrate({
  create,
  tenant,
  concurrency,
  json,
}: MigrateRequest): Promise<number> {
  const tenants = tenant === undefined ? undefined : [tenant];
  const report = await withProgress((shown) =>
    create && tenant !== undefined
      ? createWaiting(tenant, { ...shown, concurrency })
      : migrateTenants({ ...shown, concurrency, tenants }),
  );
  return finish(report, json);
}

/** Creates a tenant; waits for the database as a migration does. */
async function createWaiting(tenant: string, options: FleetOptions): Promise<MigrationReport> {
  const { failed, remaining } = await forEachTenant([tenant], options, (slug) =>
    createTenant(slug),
  );
  return {
    migrated: failed.length + remaining.length > 0 ? [] : [tenant],
    upToDate: [],
    failures: failed.map(failureOf),
    remaining,
  };
}

function finish(report: MigrationReport, json: boolean): number {
  const { migrated, upToDate, failures, remaining } = report;
  const count = migrated.length + upToDate.length + failures.length + remaining.length;
  if (count === 0 && !json && tablesOf(defaultVault.options).layout === 'shared') {
    console.log('The tables are up to date; they have no tenants yet.');
    return 0;
  }
  if (count === 0) {
    console.error('No schema named tenant_<slug> exists in this database.');
    return 1;
  }
  if (json) {
    console.log(JSON.stringify(report));
  } else {
    for (const slug of [...upToDate, ...migrated].sort()) {
      console.log(`${slug}: up to date`);
    }
  }
  printFailures(failures);
  if (failures.length > 0) {
    console.error(`${failures.length} of ${count} tenants failed.`);
  }
  printRemaining(remaining);
  return failures.length + remaining.length > 0 ? 1 : 0;
}
