import { callCoreNow } from '../backend/call-core.js';
import { callStore, parse } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';
import { type CoreTables, tablesOf } from '../backend/layout.js';
import { hasPlacement } from '../backend/placement.js';
import type { Vault } from '../backend/vault.js';
import { isIntegrationError } from '../errors.js';
import type { Json } from '../types.js';
import {
  checkFleetOptions,
  type FleetOptions,
  type FleetResult,
  failureOf,
  forEachTenant,
} from './fleet.js';
import { listTenants, type MigrationFailure } from './tenants.js';

/** What is wrong with the tables of tenants: each tenant is in one of the lists of tenants. */
export interface DiagnosisReport {
  /** Slugs of the tenants with whom nothing is wrong. */
  healthy: string[];
  /** Those with problems. */
  diagnoses: TenantDiagnosis[];
  /**
   * What is wrong with the tables that tenants share, which all of them have. Where `databaseUrl` is a
   * function, each tenant has it among its own.
   */
  shared: TenantProblem[];
  /** Those that could not be looked at. */
  failures: MigrationFailure[];
  /** Slugs of those that were not looked at, because the work was stopped or the database stayed away. */
  remaining: string[];
}

/** What is wrong with one tenant. */
export interface TenantDiagnosis {
  tenantId: string;
  problems: TenantProblem[];
}

/** One thing that is wrong, and what to do. */
export interface TenantProblem {
  problem: TenantProblemKind;
  /** The tables, columns, indexes, keys, triggers or functions that it is about. */
  names: string[];
  /** A sentence each. */
  message: string;
  remedy: string;
  /** Whether everything works all the same. */
  harmless: boolean;
}

/**
 * - `schema_missing`: the tenant has no schema, or there is none that tenants share
 * - `tenant_missing`: the tables that tenants share do not know the tenant
 * - `in_both_layouts`: the tenant has tables of its own, and those that tenants share know it, too
 * - `other_layout`: the tenant is where this layout does not look
 * - `missing`: the schema lacks what migrations make; the platform may have made the rest
 * - `not_a_table`: something else has the name of a table, such as a view
 * - `records_foreign`: `schema_migrations` is another tool's, or a view
 * - `function_untrusted`: the function of the triggers belongs to a role that nobody here trusts
 * - `not_distributed`: Citus distributes a part of the schema, and does not know these tables
 */
export type TenantProblemKind =
  | 'schema_missing'
  | 'tenant_missing'
  | 'in_both_layouts'
  | 'other_layout'
  | 'missing'
  | 'not_a_table'
  | 'records_foreign'
  | 'function_untrusted'
  | 'not_distributed';

/** Tenants that one statement looks at. */
const TENANTS_AT_A_TIME = 500;

/** Errors where a schema has the name of the one that tenants share, and is something else's. */
const NO_REGISTRY = ['PERMISSION_DENIED', 'SCHEMA_MISMATCH'];

/**
 * Looks for what is wrong with the tables of many tenants: those that are named, or all, wherever they are. It
 * changes nothing, reads no credential, and looks at hundreds of tenants with one statement. With
 * `layout: 'shared'`, it looks at the tables that tenants share once.
 *
 * @returns the tenants, with what is wrong and what to do
 * @throws `CONFIG_INVALID` for a wrong option, and what listing the tenants rejects with
 */
export async function diagnoseTenants(
  this: unknown,
  options: FleetOptions = {},
): Promise<DiagnosisReport> {
  const vault = vaultOf(this);
  const given = checkFleetOptions('diagnoseTenants', options);
  const tables = tablesOf(vault.options);
  const named = [...new Set(given.tenants ?? (await allTenants(vault, tables)))];
  const wrong = named.flatMap((tenantId) => wrongSlug(vault, tenantId));
  const tenants = named.filter((slug) => !wrong.some(({ tenantId }) => tenantId === slug));
  // A function names the database of one tenant.
  const isOneDatabase = !hasPlacement(vault);
  const size = isOneDatabase ? TENANTS_AT_A_TIME : 1;
  const report: DiagnosisReport = {
    healthy: [],
    diagnoses: [],
    shared: [],
    failures: [],
    remaining: [],
  };
  if (tables.layout === 'shared' && isOneDatabase) {
    report.shared = problemsOf(await rowsOf(vault, ''), tables);
  }
  const { failed, remaining } = await forEachTenant(
    inBatches(tenants, size),
    { ...given, onProgress: inTenants(given.onProgress, tenants.length, size) },
    async (batch) => {
      const rows = await rowsOf(vault, batch);
      for (const tenantId of batch.split(',')) {
        const own = rows.filter(
          (row) => row.tenantId === tenantId || (row.tenantId === null && !isOneDatabase),
        );
        const problems = problemsOf(own, tables);
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

/** Those of this layout, and of the other one. */
async function allTenants(vault: Vault, { layout }: CoreTables): Promise<string[]> {
  const here = await listTenants.call(vault);
  try {
    const elsewhere = parse(await callStore(vault, 'tenantsToMove', layout));
    return [...here, ...elsewhere];
  } catch (error) {
    if (isIntegrationError(error) && NO_REGISTRY.includes(error.code)) {
      return here;
    }
    throw error;
  }
}

async function rowsOf(vault: Vault, tenants: string): Promise<ProblemRow[]> {
  return parse((await callStore(vault, 'diagnose', tenants)) as Json<ProblemRow[]>);
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
  /** None of what is wrong with the tables that tenants share. */
  tenantId: string | null;
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

function problemsOf(rows: ProblemRow[], tables: CoreTables): TenantProblem[] {
  const kinds = [...new Set(rows.map(({ problem }) => problem))];
  return kinds.map((problem) => {
    const found = rows.filter((row) => row.problem === problem);
    const tenantId = found[0]?.tenantId ?? null;
    return {
      problem,
      names: found.flatMap(({ name }) => (name === null ? [] : [name])),
      harmless: problem === 'records_foreign',
      ...ADVICE[problem](subjectOf(tenantId, tables)),
    };
  });
}

/** What advice names. */
interface Subject extends CoreTables {
  tenantId: string;
  schema: string;
  /** The command that adds what migrations make. */
  migrate: string;
}

function subjectOf(tenantId: string | null, tables: CoreTables): Subject {
  if (tenantId === null) {
    const migrate = '`cgk-integrations migrate --all`';
    return { ...tables, tenantId: '', schema: tables.sharedSchema, migrate };
  }
  const migrate = `\`cgk-integrations migrate --tenant ${tenantId}\``;
  return { ...tables, tenantId, schema: `tenant_${tenantId}`, migrate };
}

/** Moves the tenant to where this layout looks. */
function move({ tenantId, layout }: Subject): string {
  return `\`cgk-integrations move --to ${layout} --tenant ${tenantId}\``;
}

const ADVICE: Record<
  TenantProblemKind,
  (subject: Subject) => Pick<TenantProblem, 'message' | 'remedy'>
> = {
  schema_missing: ({ tenantId, schema, migrate, layout }) => ({
    message: `There is no schema ${schema}.`,
    remedy:
      layout === 'shared'
        ? `Run ${migrate}, which makes it.`
        : `The platform makes it with the tenant; for demos and tests \`cgk-integrations create --tenant ${tenantId}\` does.`,
  }),
  tenant_missing: ({ tenantId, sharedSchema }) => ({
    message: `The tables in ${sharedSchema} do not know this tenant.`,
    remedy: `Run \`cgk-integrations create --tenant ${tenantId}\`, or call createTenant where the platform makes tenants.`,
  }),
  in_both_layouts: (subject) => ({
    message: `The tenant has tables of its own in ${subject.schema}, and the tables in ${subject.sharedSchema} know it, too: what one layout saves, the other does not find.`,
    remedy: `Run ${move(subject)}. It changes nothing where both have credentials: find out which are in use, remove the others, and run it again.`,
  }),
  other_layout: (subject) => ({
    message:
      subject.layout === 'shared'
        ? `The tenant has tables of its own in ${subject.schema}, where the layout shared does not look.`
        : `The tenant is in the tables that tenants share (${subject.sharedSchema}), where the layout schema does not look.`,
    remedy: `Run ${move(subject)}, or set INTEGRATION_LAYOUT to the layout that the tenant is in.`,
  }),
  missing: ({ schema, migrate, layout }) => ({
    message: 'The schema lacks what migrations make.',
    remedy:
      layout === 'shared'
        ? `Run ${migrate}. Columns and keys that ${schema} still lacks then are of tables that something else made or changed: add them.`
        : `Run ${migrate}. Columns of the first tables that are still missing then are of tables that something else made: add them, or move those tables away and migrate again.`,
  }),
  not_a_table: ({ migrate }) => ({
    message: 'Something else has the name of a table.',
    remedy: `Rename or drop it, then run ${migrate}.`,
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
  not_distributed: ({ schema, migrate, layout }) =>
    layout === 'shared'
      ? {
          message: 'Citus does not know these tables: they are on the coordinator.',
          remedy: `While nobody writes, drop the foreign keys of the tables in ${schema} and run ${migrate}, which distributes them and makes the keys again.`,
        }
      : {
          message:
            'Citus distributes a part of the schema, and does not know these tables: they are on the coordinator.',
          remedy: `While nobody writes, copy the rows (pg_dump --data-only --schema=${schema} --exclude-table=${schema}.schema_migrations), drop the tables, run ${migrate}, which makes them distributed, and copy the rows back.`,
        },
};
