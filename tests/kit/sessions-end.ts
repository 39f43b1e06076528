import { sql } from './database';

/** Statements of killed processes may still be under way on the server: waits for those that have a text in them. */
export async function sessionsEnd(text: string, url?: string): Promise<void> {
  for (;;) {
    const { rows } = await sql(
      `select 1 from pg_stat_activity where query like $1 and state <> 'idle' and pid <> pg_backend_pid()`,
      [`%${text}%`],
      url,
    );
    if (rows.length === 0) {
      return;
    }
  }
}
