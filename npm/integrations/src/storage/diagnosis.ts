import { callCoreNow, callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { tablesOf } from '../backend/layout.js';
import { hasPlacement } from '../backend/placement.js';
import type { Vault } from '../backend/vault.js';
import { integrationError, isIntegrationError } from '../errors.js';
import type { Json } from '../types.js';
import {
  checkFleetOptions,
  type FleetOptions,
  type FleetResult,
  failureOf,
  forEachTenant,
} from './fleet.js';
import { listTenants, type MigrationFailure } from './tenants.js';

/** What is wrong with the schemas of tenants: each tenant is in one of the lists. */
export interface DiagnosisReport {
  /** Slugs of the tenants whose schema is as it should be. */
  healthy: string[];
  /** Those with problems. */
  diagnoses: TenantDiagnosis[];
  /** Those that could not be looked at. */
  failures: MigrationFailure[];
  /** Slugs of those that were not looked at, because the work was stopped or the database stayed away. */
  remaining: string[];
}

/** What is wrong with the schema of one tenant. */
export interface TenantDiagnosis {
  tenantId: string;
  problems: TenantProblem[];
}

/** One thing that is wrong, and what to do. */
export interface TenantProblem {
  problem: TenantProblemKind;
  /** The tables, columns, indexes, triggers or functions that it is about. */
  names: string[];
  /** A sentence each. */
  message: string;
  remedy: string;
  /** Whether everything works all the same. */
  harmless: boolean;
}

/**
 * - `schema_missing`: the tenant has no schema
 * - `missing`: the schema lacks what migrations make; the platform may have made the rest
 * - `not_a_table`: something else has the name of a table, such as a view
 * - `records_foreign`: `schema_migrations` is another tool's, or a view
 * - `function_untrusted`: the function of the triggers belongs to a role that nobody here trusts
 * - `not_distributed`: Citus distributes a part of the schema, and does not know these tables
 */
export type TenantProblemKind =
  | 'schema_missing'
  | 'missing'
  | 'not_a_table'
  | 'records_foreign'
  | 'function_untrusted'
  | 'not_distributed';

/** Schemas that one statement looks at. */
const SCHEMAS_AT_A_TIME = 500;

/**
 * Looks for what is wrong with the schemas of many tenants: those that are named, or all. It changes
 * nothing, reads the catalog of the server alone, and looks at hundreds of schemas with one statement.
 *
 * @returns the tenants, with what is wrong and what to do
 * @throws `CONFIG_INVALID` for a wrong option and where tenants share their tables, and what listing
 *   the tenants rejects with
 */
export async function diagnoseTenants(
  this: unknown,
  options: FleetOptions = {},
): Promise<DiagnosisReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('diagnoseTenants', options);
  if (tablesOf(vault.options).layout === 'shared') {
    throw integrationError(
      'CONFIG_INVALID',
      'diagnoseTenants looks at schemas of tenants: where they share their tables, migrateTenants makes what is missing',
    );
  }
  const named = [...new Set(given.tenants ?? (await listTenants.call(vault)))];
  const wrong = named.flatMap((tenantId) => wrongSlug(vault, tenantId));
  const tenants = named.filter((slug) => !wrong.some(({ tenantId }) => tenantId === slug));
  // A function names the database of one tenant.
  const size = hasPlacement(vault) ? 1 : SCHEMAS_AT_A_TIME;
  const report: DiagnosisReport = { healthy: [], diagnoses: [], failures: [], remaining: [] };
  const { failed, remaining } = await forEachTenant(
    inBatches(tenants, size),
    { ...given, onProgress: inTenants(given.onProgress, tenants.length, size) },
    async (batch) => {
      const rows = parse((await callStore(vault, 'diagnose', batch)) as Json<ProblemRow[]>);
      for (const tenantId of batch.split(',')) {
        const problems = problemsOf(rows.filter((row) => row.tenantId === tenantId));
        if (problems.length > 0) {
          report.diagnoses.push({ tenantId, problems });
        } else {
          report.healthy.push(tenantId);
        }
      }
    },
  );
  const inBatch = failed.flatMap(({ tenantId: batch, error }) =>
    batch.split(',').map((tenantId) => ({ tenantId, error })),
  );
  report.failures = [...wrong, ...inBatch].map(failureOf);
  report.remaining = remaining.flatMap((batch) => batch.split(','));
  report.healthy.sort();
  report.diagnoses.sort((one, other) => (one.tenantId < other.tenantId ? -1 : 1));
  return report;
}

/** A slug that is none, with its error: it must not fail those that are looked at with it. */
function wrongSlug(vault: Vault, tenantId: string): FleetResult['failed'] {
  try {
    callCoreNow(vault, (core) => core.checkTenantId(tenantId));
    return [];
  } catch (error) {
    if (isIntegrationError(error)) {
      return [{ tenantId, error }];
    }
    throw error;
  }
}

interface ProblemRow {
  tenantId: string;
  problem: TenantProblemKind;
  name: string | null;
}

/** Slugs with commas in between, which no slug has. */
function inBatches(tenants: string[], size: number): string[] {
  const count = Math.ceil(tenants.length / size);
  return Array.from({ length: count }, (_, n) => tenants.slice(n * size, (n + 1) * size).join(','));
}

/** Progress in tenants, of work that counts batches. */
function inTenants(
  onProgress: FleetOptions['onProgress'],
  tenants: number,
  size: number,
): FleetOptions['onProgress'] {
  return (
    onProgress && (({ done }) => onProgress({ done: Math.min(done * size, tenants), tenants }))
  );
}

function problemsOf(rows: ProblemRow[]): TenantProblem[] {
  const kinds = [...new Set(rows.map(({ problem }) => problem))];
  return kinds.map((problem) => {
    const names = rows
      .filter((row) => row.problem === problem)
      .flatMap(({ name }) => (name === null ? [] : [name]));
    return {
      problem,
      names,
      harmless: problem === 'records_foreign',
      ...ADVICE[problem](rows[0]?.tenantId ?? ''),
    };
  });
}

const ADVICE: Record<
  TenantProblemKind,
  (tenantId: string) => Pick<TenantProblem, 'message' | 'remedy'>
> = {
  schema_missing: (tenantId) => ({
    message: `There is no schema tenant_${tenantId}.`,
    remedy: `The platform makes it with the tenant; for demos and tests \`cgk-integrations create --tenant ${tenantId}\` does.`,
  }),
  missing: (tenantId) => ({
    message: 'The schema lacks what migrations make.',
    remedy: `Run \`cgk-integrations migrate --tenant ${tenantId}\`. Columns of the first tables that are still missing then are of tables that something else made: add them, or move those tables away and migrate again.`,
  }),
  not_a_table: (tenantId) => ({
    message: 'Something else has the name of a table.',
    remedy: `Rename or drop it, then run \`cgk-integrations migrate --tenant ${tenantId}\`.`,
  }),
  records_foreign: () => ({
    message: "schema_migrations is another tool's, so migrations are not recorded there.",
    remedy: 'Nothing has to be done: each migration finds out by itself whether it was.',
  }),
  function_untrusted: () => ({
    message:
      'public.update_updated_at_column() belongs to a role that is neither this one nor the owner of the database: its owner could change every credential.',
    remedy: 'Give it another owner (alter function … owner to …).',
  }),
  not_distributed: (tenantId) => ({
    message:
      'Citus distributes a part of the schema, and does not know these tables: they are on the coordinator.',
    remedy: `While nobody writes, copy the rows (pg_dump --data-only --schema=tenant_${tenantId}), drop the tables, run \`cgk-integrations migrate --tenant ${tenantId}\`, which makes them distributed, and copy the rows back.`,
  }),
};
