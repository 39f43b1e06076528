#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { registerLoader } from '../backend/backend.js';
import { closeIntegrations } from '../backend/config.js';
import { loadNative } from '../backend/loaders/native.js';
import { isIntegrationError } from '../errors.js';
import { createTenant, listTenants, migrateTenant } from '../storage/tenants.js';
import { KEYS_USAGE, readKeysRequest, runKeys } from './cli-keys.js';

const USAGE = `Usage: cgk-integrations <command>

  migrate --tenant <slug>   make the credential tables in one tenant's schema
  migrate --all             … in every schema named tenant_<slug>
  create --tenant <slug>    make the schema, too (for demos and tests)
${KEYS_USAGE}

The database is POSTGRES_URL or DATABASE_URL.
Exit status: 0 done, 1 failed, 2 wrong usage; of keys, 3: values are still under another key.`;

/** Codes of a server that may come back; a migration may be run again. */
const AWAY = [
  'DATABASE_UNAVAILABLE',
  'DATABASE_TIMEOUT',
  'DATABASE_BUSY',
  'DATABASE_OUTCOME_UNKNOWN',
];
const LONGEST_WAIT_SECONDS = 60;

registerLoader(loadNative);
main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

async function main(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const run = read(args);
  if (!run) {
    console.error(USAGE);
    return 2;
  }
  try {
    return await run();
  } catch (error) {
    console.error(describe(error));
    return 1;
  } finally {
    await closeIntegrations();
  }
}

/** What the command line asks for; `undefined` where it asks for nothing that there is. */
function read(args: string[]): (() => Promise<number>) | undefined {
  try {
    if (args[0] === 'keys') {
      const request = readKeysRequest(args.slice(1));
      return request && (() => runKeys(request));
    }
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { tenant: { type: 'string' }, all: { type: 'boolean' } },
    });
    const [command, ...rest] = positionals;
    const { tenant, all } = values;
    if (rest.length > 0 || (tenant !== undefined) === (all === true)) {
      return undefined;
    }
    if (command === 'migrate' || (command === 'create' && tenant !== undefined)) {
      return () => apply(command === 'create' ? createTenant : migrateTenant, tenant);
    }
    return undefined;
  } catch {
    return undefined;
  }
}

async function apply(
  migration: (tenantId: string) => Promise<void>,
  tenant: string | undefined,
): Promise<number> {
  const tenants = tenant === undefined ? await listTenants() : [tenant];
  if (tenants.length === 0) {
    console.error('No schema named tenant_<slug> exists in this database.');
    return 1;
  }
  let failed = 0;
  for (const slug of tenants) {
    try {
      await whenAvailable(() => migration(slug));
      console.log(`${slug}: up to date`);
    } catch (error) {
      failed += 1;
      console.error(`${slug}: ${describe(error)}`);
    }
  }
  if (failed > 0) {
    console.error(`${failed} of ${tenants.length} tenants failed.`);
  }
  return failed > 0 ? 1 : 0;
}

/** Repeats what may be repeated for as long as the server is away, as one that restarts is. */
async function whenAvailable(migrate: () => Promise<void>): Promise<void> {
  for (let waited = 0; ; waited += 1) {
    try {
      return await migrate();
    } catch (error) {
      const isAway = isIntegrationError(error) && AWAY.includes(error.code);
      if (!isAway || waited === LONGEST_WAIT_SECONDS) {
        throw error;
      }
      if (waited === 0) {
        console.error('The database is not available: waiting for it.');
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

function describe(error: unknown): string {
  return isIntegrationError(error) ? `${error.message} [${error.code}]` : String(error);
}
