// Every token of a database, looked for without knowing where the package keeps them: in the text of every
// row of every table that the server lists, its own catalogs included, as a full dump has them.

import pg from 'pg';

/** Texts that parse as tokens: format v1 in either case, and v2 with at least the 82 bytes of an empty value. */
const TOKEN =
  /(?<![0-9a-z])(?:[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{32}:(?:[0-9a-f]{2})*|v2\.[0-9a-f]{8}\.[0-9a-z_-]{110,})/gi;

/** What the server notes of values for its planner; a dump leaves it out. */
const STATISTICS = ['pg_statistic', 'pg_statistic_ext_data'];

export interface FoundToken {
  schema: string;
  table: string;
  /** The column, and the names below it in JSON. */
  path: string;
  /** The whole row. */
  row: Record<string, unknown>;
  token: string;
}

/** All tokens, in an order that rewriting does not change. */
export async function findTokens(url: string): Promise<FoundToken[]> {
  const found: FoundToken[] = [];
  await connected(url, async (client) => {
    for (const { schema, table } of await tablesOf(client)) {
      const { rows } = await client.query(`select to_jsonb(t) as row from ${schema}.${table} t`);
      for (const { row } of rows) {
        for (const [path, text] of textsIn(row)) {
          for (const [token] of text.matchAll(TOKEN)) {
            found.push({ schema, table, path, row, token });
          }
        }
      }
    }
  });
  const name = ({ schema, table, path, row }: FoundToken) =>
    [schema, table, row.service_name, path].join(' ');
  return found.sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** The bytes of every table, with the version of each row: a write of the same values shows, too. */
export async function everyByte(url: string): Promise<string> {
  const texts: string[] = [];
  await connected(url, async (client) => {
    for (const { schema, table } of await tablesOf(client, "nspname <> 'pg_catalog'")) {
      const { rows } = await client.query(
        `select concat(ctid, ' ', xmin, ' ', t::text) as row from ${schema}.${table} t order by ctid`,
      );
      texts.push(`${schema}.${table}`, ...rows.map(({ row }) => row));
    }
  });
  return texts.join('\n');
}

async function tablesOf(
  client: pg.Client,
  condition = 'true',
): Promise<{ schema: string; table: string }[]> {
  const { rows } = await client.query(
    `select quote_ident(nspname) as schema, quote_ident(relname) as table
     from pg_class join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'm', 'p') and relname <> all ($1) and ${condition} order by 1, 2`,
    [STATISTICS],
  );
  return rows;
}

async function connected(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The texts in a row, names of JSON members included, each with its path. */
function textsIn(value: unknown, path: string[] = []): [path: string, text: string][] {
  if (typeof value === 'string') {
    return [[path.join('.'), value]];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => [
    [path.join('.'), name] as [string, string],
    ...textsIn(member, [...path, name]),
  ]);
}
