// `cgk-integrations events`: whether the chain of events is whole, and the events themselves.

import { parseArgs } from 'node:util';
import { exportTenantCredentialEvents, verifyTenantCredentialEvents } from '../events/events.js';
import { listTenants } from '../storage/tenants.js';
import { namesTenants } from './cli-arguments.js';

export const EVENTS_USAGE = `  events verify             whether no event of a tenant was removed or changed
  events export             the events as NDJSON
    --tenant <slug> | --all   whose events
    --head <place>:<mac>      verify: the head that an earlier run printed, of one tenant
    --after <number>          export: only events after this number
    --json                    verify: the result as JSON`;

/** What the command line asks for. */
export interface EventsRequest {
  action: 'verify' | 'export';
  tenant: string | undefined;
  head: { position: number; mac: string } | undefined;
  after: number | undefined;
  json: boolean;
}

/** Reads the arguments after `events`; `undefined` where they are wrong. */
export function readEventsRequest(args: string[]): EventsRequest | undefined {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      all: { type: 'boolean' },
      head: { type: 'string' },
      after: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, ...rest] = positionals;
  const { tenant, all, head, after, json } = values;
  const [, position, mac] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head ?? '') ?? [];
  const isWrong =
    rest.length > 0 ||
    !namesTenants(tenant, all) ||
    (head !== undefined && (mac === undefined || all || action !== 'verify')) ||
    (after !== undefined && (!/^\d{1,15}$/.test(after) || action !== 'export')) ||
    (json && action !== 'verify');
  if (isWrong || (action !== 'verify' && action !== 'export')) {
    return undefined;
  }
  return {
    action,
    tenant,
    head: mac === undefined ? undefined : { position: Number(position), mac },
    after: after === undefined ? undefined : Number(after),
    json,
  };
}

/** Carries a request out; gives the exit status. */
export async function runEvents(request: EventsRequest): Promise<number> {
  const { action, tenant, head, after } = request;
  let damaged = 0;
  for (const slug of tenant === undefined ? await listTenants() : [tenant]) {
    if (action === 'export') {
      for await (const line of exportTenantCredentialEvents(slug, after)) {
        process.stdout.write(line);
      }
      continue;
    }
    const report = await verifyTenantCredentialEvents(slug, head);
    damaged += report.intact ? 0 : 1;
    if (request.json) {
      console.log(JSON.stringify({ tenantId: slug, ...report }));
      continue;
    }
    const { sealed, unverifiable, problems } = report;
    const place = report.head ? `, head ${report.head.position}:${report.head.mac}` : '';
    console.log(`${slug}: ${sealed} events, ${report.intact ? 'intact' : 'NOT INTACT'}${place}`);
    if (unverifiable > 0) {
      console.error(`${slug}: ${unverifiable} were sealed under a key that is not configured`);
    }
    for (const { position, problem } of problems) {
      console.error(`${slug}: the event at place ${position} is ${problem}`);
    }
  }
  return damaged > 0 ? 1 : 0;
}
