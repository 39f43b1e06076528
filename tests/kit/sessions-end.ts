import { sql } from './database';
import { until } from './until';

/** Statements of killed processes may still be under way on the server: waits for those that have a text in them. */
export function sessionsEnd(text: string, url?: string): Promise<void> {
  return until(async () => {
    const { rows } = await sql(
      `select 1 from pg_stat_activity where query like $1 and state <> 'idle' and pid <> pg_backend_pid()`,
      [`%${text}%`],
      url,
    );
    return rows.length === 0;
  });
}
