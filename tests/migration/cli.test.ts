import { expect, test } from '@jest/globals';
import { type CliResult, runCli } from '../kit/cli';
import { databaseUrl, newDatabase, newSlug, sql } from '../kit/database';
import { TcpProxy } from '../kit/tcp-proxy';

function cli(args: string[], url: string = databaseUrl()): Promise<CliResult> {
  return runCli(args, { POSTGRES_URL: url });
}

test('migrates one tenant, and again', async () => {
  const slug = newSlug();
  await sql(`create schema tenant_${slug}`);
  for (const _ of [1, 2]) {
    const result = await cli(['migrate', '--tenant', slug]);
    expect(result).toEqual({ status: 0, output: `${slug}: up to date\n`, errors: '' });
  }
  const { rows } = await sql(`select count(*)::int from tenant_${slug}.schema_migrations`);
  expect(rows).toEqual([{ count: 1 }]);
});

test('creates a tenant', async () => {
  const slug = newSlug();
  expect(await cli(['create', '--tenant', slug])).toMatchObject({ status: 0 });
  const { rows } = await sql(`select to_regclass('tenant_${slug}.tenant_wise_config') as name`);
  expect(rows[0].name).not.toBeNull();
});

test('migrates all tenants, passes foreign schemas over and reports each failure', async () => {
  const url = await newDatabase(`all_${newSlug()}`);
  const none = await cli(['migrate', '--all'], url);
  expect(none.status).toBe(1);
  expect(none.errors).toContain('No schema named tenant_<slug>');

  for (const slug of ['acme', 'rawdog']) {
    await cli(['create', '--tenant', slug], url);
  }
  await sql('create schema "tenant_Not a slug"; create schema tenant_broken', [], url);
  await sql('create view tenant_broken.tenant_wise_config as select 1 as x', [], url);

  const result = await cli(['migrate', '--all'], url);
  expect(result.status).toBe(1);
  expect(result.output).toBe('acme: up to date\nrawdog: up to date\n');
  expect(result.errors).toContain('broken: The database refused the statement');
  expect(result.errors).toContain('1 of 3 tenants failed.');
});

test.each(['migrate', 'create'])(
  '%s waits for a server that restarts, and goes on',
  async (command) => {
    const slug = newSlug();
    await sql(`create schema tenant_${slug}`);
    const proxy = await TcpProxy.start(databaseUrl());
    let cut = 0;
    proxy.cutWhen = (sent) => {
      const cuts = sent.includes('migration') && cut < 3;
      cut += Number(cuts);
      return cuts;
    };
    const result = await cli([command, '--tenant', slug], proxy.url);
    await proxy.close();
    expect(cut).toBe(3);
    expect(result).toEqual({
      status: 0,
      output: `${slug}: up to date\n`,
      errors: 'The database is not available: waiting for it.\n',
    });
  },
);

test('a failure has its code, no password and status 1', async () => {
  const missing = await cli(['migrate', '--tenant', newSlug()]);
  expect(missing.status).toBe(1);
  expect(missing.errors).toContain('[TENANT_NOT_FOUND]');

  const unreachable = await cli(['migrate', '--all'], 'postgres://user:hunter2@127.0.0.1:1/x');
  expect(unreachable.status).toBe(1);
  expect(unreachable.errors).toContain('[DATABASE_UNAVAILABLE]');
  expect(unreachable.errors).not.toContain('hunter2');

  const unset = await cli(['migrate', '--all'], '');
  expect(unset.status).toBe(1);
  expect(unset.errors).toMatch(/\[(CONFIG_INVALID|DATABASE_NOT_CONFIGURED)\]/);
});

test.each([
  [[]],
  [['migrate']],
  [['migrate', '--tenant', 'acme', '--all']],
  [['create', '--all']],
  [['migrate', '--unknown']],
  [['drop', '--all']],
  [['migrate', 'acme', '--all']],
])('wrong usage shows the usage: %j', async (args) => {
  const result = await cli(args);
  expect(result.status).toBe(2);
  expect(result.errors).toContain('Usage: cgk-integrations');
});

test('--help is not an error', async () => {
  const result = await cli(['--help']);
  expect(result.status).toBe(0);
  expect(result.output).toContain('Usage: cgk-integrations');
});
