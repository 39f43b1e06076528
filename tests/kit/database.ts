import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** URL of the server that the whole run shares. */
export function databaseUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) {
    throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`');
  }
  return url;
}

/** Runs SQL as a superuser, past the vault. */
export async function sql(
  text: string,
  params: unknown[] = [],
  url = databaseUrl(),
): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text, params);
  } finally {
    await client.end();
  }
}

/** Makes a database on the same server; gives its URL. */
export async function newDatabase(name: string): Promise<string> {
  await sql(`create database ${name}`);
  return Object.assign(new URL(databaseUrl()), { pathname: `/${name}` }).href;
}

/** Runs something that concerns the whole database while no other test does so. */
export async function exclusively(work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(1)');
    await work();
  } finally {
    await client.end();
  }
}

/** A slug that no other test uses. */
export function newSlug(): string {
  return `t_${randomBytes(8).toString('hex')}`;
}
