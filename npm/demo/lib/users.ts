import { Pool } from 'pg';

/** A user of the demo. */
export interface User {
  id: string;
  tenantId: string;
  role: 'admin' | 'member';
}

const COLUMNS = 'id, tenant_id as "tenantId", role';

const pool = new Pool({ connectionString: process.env.POSTGRES_URL, max: 4 });
// An idle connection that breaks is replaced by the next query.
pool.on('error', () => {});

/** The user with this id; `null` if there is none (any more). */
export async function findUser(id: string): Promise<User | null> {
  const sql = `select ${COLUMNS} from public.demo_users where id = $1`;
  const { rows } = await pool.query<User>(sql, [id]);
  return rows[0] ?? null;
}

/** All users, in the order in which they are offered. */
export async function listUsers(): Promise<User[]> {
  const sql = `select ${COLUMNS} from public.demo_users order by tenant_id desc, role`;
  const { rows } = await pool.query<User>(sql);
  return rows;
}
