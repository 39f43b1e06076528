#!/usr/bin/env node
import { AsyncLocalStorage } from 'node:async_hooks';
import { registerLoader } from '../backend/backend.js';
import { closeIntegrations } from '../backend/config.js';
import { loadNative } from '../backend/loaders/native.js';
import { isIntegrationError } from '../errors.js';
import { registerActorStorage, runAs } from '../events/actor.js';
import { DOCTOR_USAGE, readDoctorRequest, runDoctor } from './cli-doctor.js';
import { EVENTS_USAGE, readEventsRequest, runEvents } from './cli-events.js';
import { KEYS_USAGE, readKeysRequest, runKeys } from './cli-keys.js';
import { MIGRATE_USAGE, readMigrateRequest, runMigrate } from './cli-migrate.js';
import { MOVE_USAGE, readMoveRequest, runMove } from './cli-move.js';

const USAGE = `Usage: cgk-integrations <command>

${MIGRATE_USAGE}
${DOCTOR_USAGE}
${MOVE_USAGE}
${KEYS_USAGE}
${EVENTS_USAGE}

The database is POSTGRES_URL or DATABASE_URL.
Exit status: 0 done, 1 failed, 2 wrong usage; of keys, 3: values are still under another key.`;

registerLoader(loadNative);
registerActorStorage(() => new AsyncLocalStorage());
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
    return await runAs({ type: 'cli' }, run);
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
    if (args[0] === 'events') {
      const request = readEventsRequest(args.slice(1));
      return request && (() => runEvents(request));
    }
    if (args[0] === 'doctor') {
      const request = readDoctorRequest(args.slice(1));
      return request && (() => runDoctor(request));
    }
    if (args[0] === 'move') {
      const request = readMoveRequest(args.slice(1));
      return request && (() => runMove(request));
    }
    const request = readMigrateRequest(args);
    return request && (() => runMigrate(request));
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  return isIntegrationError(error) ? `${error.message} [${error.code}]` : String(error);
}
