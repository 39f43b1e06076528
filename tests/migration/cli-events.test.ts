import { createIntegrations, type Integrations } from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CliResult, runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';

const KEY = 'ab'.repeat(32);

let url: string;
let vault: Integrations;

beforeAll(async () => {
  url = await newDatabase(`events_${newSlug()}`);
  vault = createIntegrations({ databaseUrl: url, encryptionKey: KEY, events: true });
  for (const tenant of ['acme', 'rawdog']) {
    await vault.createTenant(tenant);
    for (const apiKey of ['sk-1', 'sk-2', 'sk-3']) {
      await vault.saveTenantCredential(tenant, 'openai', { apiKey });
    }
  }
});
afterAll(() => vault.close());

function cli(args: string[], variables: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, { POSTGRES_URL: url, INTEGRATION_ENCRYPTION_KEY: KEY, ...variables });
}

test('a chain from the first look to a removal that shows', async () => {
  const first = await cli(['events', 'verify', '--all']);
  expect(first).toMatchObject({ status: 0, errors: '' });
  const head = /acme: 3 events, intact, head (3:[0-9a-f]{64})/.exec(first.output)?.[1] as string;
  expect(await cli(['events', 'verify', '--tenant', 'acme', '--head', head])).toMatchObject({
    status: 0,
  });

  await sql('delete from tenant_acme.tenant_credential_events where position = 3', [], url);
  expect((await cli(['events', 'verify', '--tenant', 'acme'])).status).toBe(0);
  const cut = await cli(['events', 'verify', '--tenant', 'acme', '--head', head]);
  expect(cut).toMatchObject({ status: 1, errors: 'acme: the event at place 3 is missing\n' });

  await sql('delete from tenant_rawdog.tenant_credential_events where position = 2', [], url);
  const all = await cli(['events', 'verify', '--all', '--json']);
  expect(all.status).toBe(1);
  const reports = all.output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(reports).toMatchObject([
    { tenantId: 'acme', intact: true },
    { tenantId: 'rawdog', intact: false, problems: [{ position: 2, problem: 'missing' }] },
  ]);
});

test('an export is one event a line', async () => {
  const { output, status } = await cli(['events', 'export', '--tenant', 'acme']);
  const events = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect([status, events.length]).toEqual([0, 2]);
  const rest = await cli(['events', 'export', '--tenant', 'acme', '--after', `${events[0].seq}`]);
  expect(rest.output.trimEnd().split('\n')).toHaveLength(1);
});

test('a rotation by the command writes events where the environment says so', async () => {
  const other = {
    INTEGRATION_ENCRYPTION_KEY: 'cd'.repeat(32),
    INTEGRATION_ENCRYPTION_KEY_PREVIOUS: KEY,
  };
  const rotate = ['keys', 'rotate', '--tenant', 'rawdog'];
  expect(await cli(rotate, { ...other, INTEGRATION_EVENTS: 'true' })).toMatchObject({ status: 0 });
  const [event] = await vault.listTenantCredentialEvents('rawdog');
  expect(event).toMatchObject({ event: 'credential.rotated', actor: { type: 'cli' } });
});

test.each([
  ['events'],
  ['events', 'verify'],
  ['events', 'verify', '--all', '--head', `3:${'a'.repeat(64)}`],
  ['events', 'verify', '--tenant', 'acme', '--head', '3'],
  ['events', 'export', '--all', '--after', 'x'],
  ['events', 'export', '--all', '--json'],
  ['events', 'drop', '--all'],
])('wrong usage is said and does nothing: %j %j %j', async (...args) => {
  const { status, errors } = await cli(args);
  expect(status).toBe(2);
  expect(errors).toContain('events verify');
});
