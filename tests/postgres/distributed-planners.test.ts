// What planners of distributed tables, such as Citus, ask of a statement. Citus itself does not run here:
// each statement is parsed with PostgreSQL's own parser, and what a planner would refuse is looked for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'libpg-query';
import { sql } from '../kit/database';

type Tree = Record<string, unknown>;

const SNAPSHOTS = join(__dirname, '../../crates/credentials/src/sql/snapshots');

/** The same of tables that tenants share. */
const SHARED = 'shared';

/** About schemas and catalogs, which every machine has, and about all tenants at once. */
const ABOUT_SCHEMAS = [
  'diagnose.sql',
  'diagnose_where_distributed.sql',
  'migration.sql',
  'migration_of_new_schema.sql',
  'missing_columns.sql',
  'server_facts.sql',
  'sessions.sql',
  'tenant_schemas.sql',
  'tenants_to_migrate.sql',
  'tenants_to_migrate_where_distributed.sql',
  'unmigrated.sql',
  ...[
    'diagnose.sql',
    'diagnose_where_distributed.sql',
    'migration.sql',
    'migration_to_schema.sql',
    'migration_to_shared.sql',
    'missing_columns.sql',
    'own_tables.sql',
    'register.sql',
    'registered_of.sql',
    'registered_tenants.sql',
    'registered_to_migrate.sql',
    'schemas_with_tables.sql',
    'shared_to_migrate.sql',
    'unmigrated.sql',
  ].map((name) => join(SHARED, name)),
];

/** The statements of a transaction. */
const SCRIPT = 'migration_statements.sql';

/** The least stable function of a name in pg_catalog: `i`mmutable, `s`table or `v`olatile. */
const functions = new Map<string, string>();
/** The most stable operator of a name: the others are of times of two kinds, which nothing here compares. */
const operators = new Map<string, string>();
/** Of what makes a value of a type from text. */
const types = new Map<string, string>();

beforeAll(async () => {
  const read = async (into: Map<string, string>, query: string) => {
    for (const { name, volatility } of (await sql(query)).rows) {
      into.set(name, volatility);
    }
  };
  await read(
    functions,
    `select proname as name, max(provolatile::text) as volatility from pg_proc
     where pronamespace = 'pg_catalog'::regnamespace group by proname`,
  );
  await read(
    operators,
    `select oprname as name, min(provolatile::text) as volatility
     from pg_operator join pg_proc on pg_proc.oid = oprcode
     where oprnamespace = 'pg_catalog'::regnamespace group by oprname`,
  );
  await read(
    types,
    `select typname as name, provolatile::text as volatility
     from pg_type join pg_proc on pg_proc.oid = typinput
     where typnamespace = 'pg_catalog'::regnamespace`,
  );
});

/** Every node of a kind, wherever it is in a tree, but not below nodes of another kind. */
function nodes(tree: unknown, kind: string, except?: string): Tree[] {
  if (typeof tree !== 'object' || tree === null) {
    return [];
  }
  const entries = Object.entries(tree).filter(([name]) => name !== except);
  return entries.flatMap(([name, value]) => [
    ...(name === kind ? [value as Tree] : []),
    ...nodes(value, kind, except),
  ]);
}

function lastName(names: unknown): string {
  return nodes(names, 'String').at(-1)?.sval as string;
}

/** The functions, operators and conversions in an expression that are not immutable. */
function mutable(expression: unknown): string[] {
  const called = [
    ...nodes(expression, 'FuncCall').map((call) => [lastName(call.funcname), functions] as const),
    ...nodes(expression, 'A_Expr')
      .filter(({ kind }) => kind === 'AEXPR_OP')
      .map((operation) => [lastName(operation.name), operators] as const),
    ...nodes(expression, 'TypeCast').map(
      ({ typeName }) => [lastName((typeName as Tree).names), types] as const,
    ),
  ];
  const found = called.filter(([name, volatility]) => volatility.get(name) !== 'i');
  const ofTheServer = nodes(expression, 'SQLValueFunction').map(({ op }) => op as string);
  return [...found.map(([name]) => name), ...ofTheServer];
}

const CHANGES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt'];

/** What a distributed planner would refuse of a statement, or send to more than one machine. */
async function refusals(text: string): Promise<string[]> {
  const tree = await parse(text);
  const found: string[] = [];
  for (const change of CHANGES.flatMap((kind) => nodes(tree, kind))) {
    found.push(...mutable(change.returningList).map((name) => `returning: ${name}`));
    // Parsers before PostgreSQL 18 had a list, later ones have a clause with one.
    found.push(...mutable(change.returningClause).map((name) => `returning: ${name}`));
    found.push(...mutable(change.onConflictClause).map((name) => `do update set: ${name}`));
    const chosen = ['CaseExpr', 'CoalesceExpr'].flatMap((kind) => nodes(change.targetList, kind));
    found.push(...chosen.flatMap(mutable).map((name) => `case or coalesce: ${name}`));
  }
  // What a change is of has no name of its kind in the tree.
  const tables = [...nodes(tree, 'RangeVar'), ...nodes(tree, 'relation')];
  const schemas = new Set(tables.map(({ schemaname }) => schemaname));
  const withs = new Set(nodes(tree, 'CommonTableExpr').map(({ ctename }) => ctename));
  schemas.delete(undefined);
  if (schemas.size !== 1) {
    found.push(`schemas: ${[...schemas].join(', ')}`);
  }
  for (const { relname, schemaname } of tables) {
    if (schemaname === undefined && !withs.has(relname)) {
      found.push(`no schema: ${relname}`);
    }
  }
  return [...found, ...unboundTables(tree)];
}

/** The tables that no condition, or column to insert, ties to the tenant. */
function unboundTables(tree: unknown): string[] {
  const selects = nodes(tree, 'SelectStmt').map(({ fromClause, whereClause }) => ({
    tables: nodes(fromClause, 'RangeVar', 'SelectStmt'),
    whereClause,
  }));
  const changes = ['UpdateStmt', 'DeleteStmt'].flatMap((kind) => nodes(tree, kind));
  const changed = changes.map(({ relation, fromClause, whereClause }) => ({
    tables: [relation as Tree, ...nodes(fromClause, 'RangeVar', 'SelectStmt')],
    whereClause,
  }));
  const read = [...selects, ...changed].flatMap(({ tables, whereClause }) =>
    tables
      .filter(({ schemaname, alias }) => {
        const name = (alias as Tree | undefined)?.aliasname;
        return /^(tenant_|vault$)/.test(String(schemaname)) && !isTied(whereClause, name);
      })
      .map(({ relname }) => `no tenant_id =: ${relname}`),
  );
  const inserted = nodes(tree, 'InsertStmt')
    .filter(({ cols }) => !nodes(cols, 'ResTarget').some(({ name }) => name === 'tenant_id'))
    .map(({ relation }) => `no tenant_id: ${(relation as Tree).relname}`);
  return [...read, ...inserted];
}

/** Whether a condition, or one that it is joined to by `and`, is `<alias>.tenant_id = <parameter>`. */
function isTied(condition: unknown, alias: unknown): boolean {
  const { BoolExpr: joined, A_Expr: comparison } = (condition ?? {}) as Record<string, Tree>;
  if (joined) {
    const isAnd = joined.boolop === 'AND_EXPR';
    return isAnd && (joined.args as Tree[]).some((part) => isTied(part, alias));
  }
  const column = nodes(comparison?.lexpr, 'String').map(({ sval }) => sval);
  return (
    lastName(comparison?.name) === '=' &&
    column.join('.') === `${alias}.tenant_id` &&
    nodes(comparison?.rexpr, 'ParamRef').length === 1
  );
}

const snapshots = ['', SHARED]
  .flatMap((folder) => readdirSync(join(SNAPSHOTS, folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.sql'));
const statements = snapshots.filter((name) => ![...ABOUT_SCHEMAS, SCRIPT].includes(name));

test('there are statements to look at', () => {
  expect(statements).toEqual(expect.arrayContaining(['save.sql', join(SHARED, 'save.sql')]));
  expect(snapshots).toEqual(expect.arrayContaining(ABOUT_SCHEMAS));
});

test.each(statements)('a distributed planner accepts %s', async (name) => {
  expect(await refusals(readFileSync(join(SNAPSHOTS, name), 'utf8'))).toEqual([]);
});

test.each(ABOUT_SCHEMAS)('%s is SQL', async (name) => {
  const { stmts } = await parse(readFileSync(join(SNAPSHOTS, name), 'utf8'));
  expect(stmts).toHaveLength(1);
});

test('no block of the transaction that makes tables makes any', async () => {
  const tree = await parse(readFileSync(join(SNAPSHOTS, SCRIPT), 'utf8'));
  expect(nodes(tree, 'CreateStmt')).toHaveLength(7);
  const blocks = nodes(tree, 'DoStmt').map((block) => JSON.stringify(block));
  expect(blocks).toHaveLength(3);
  expect(blocks.filter((block) => /create table|alter table|create.* index/.test(block))).toEqual(
    [],
  );
});

describe('what a planner refuses is found', () => {
  const TABLE = '"tenant_acme".tenant_wise_config';

  test.each([
    [
      'a function that is stable in returning',
      `update ${TABLE} as t set last_error = null where t.tenant_id = $1 returning pg_catalog.to_jsonb(t)`,
      ['returning: to_jsonb'],
    ],
    [
      'the time in do update set',
      `insert into ${TABLE} (tenant_id) values ($1) on conflict (tenant_id) do update set updated_at = pg_catalog.now()`,
      ['do update set: now'],
    ],
    [
      'the time in a case',
      `update ${TABLE} as t set updated_at = case when t.is_active then pg_catalog.now() end where t.tenant_id = $1`,
      ['case or coalesce: now'],
    ],
    [
      'a text that becomes a time',
      `insert into ${TABLE} (tenant_id) values ($1) on conflict (tenant_id) do update set updated_at = $2::timestamptz`,
      ['do update set: timestamptz'],
    ],
    [
      'two schemas',
      `with other as (update "tenant_rawdog".tenant_wise_config as t set last_error = null where t.tenant_id = $1 returning 1)
       select 1 from ${TABLE} as t where t.tenant_id = $1`,
      ['schemas: tenant_acme, tenant_rawdog'],
    ],
    [
      'a condition that does not hold for every row',
      `select 1 from ${TABLE} as t where t.tenant_id = $1 or t.is_active`,
      ['no tenant_id =: tenant_wise_config'],
    ],
    [
      'a condition that does not hold for every row of a table that tenants share',
      'select 1 from "vault".tenants as t',
      ['no tenant_id =: tenants'],
    ],
    [
      'an insert without the tenant',
      `insert into ${TABLE} (is_active) values (true)`,
      ['no tenant_id: tenant_wise_config'],
    ],
  ])('%s', async (_, text, expected) => {
    expect((await refusals(text)).sort()).toEqual([...expected].sort());
  });
});
