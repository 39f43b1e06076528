import {
  createIntegrations,
  type Integrations,
  type TenantProblem,
} from '@cgk-platform/integrations/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CliResult, runCli } from '../kit/cli';
import { newDatabase, newSlug, sql } from '../kit/database';

let url: string;
let vault: Integrations;

beforeAll(async () => {
  url = await newDatabase(`doctor_${newSlug()}`);
  vault = createIntegrations({ databaseUrl: url, encryptionKey: 'ab'.repeat(32) });
});
afterAll(() => vault.close());

function doctor(...args: string[]): Promise<CliResult> {
  return runCli(['doctor', ...args], { POSTGRES_URL: url });
}

/** Makes a tenant and changes its schema. */
async function tenantWith(change: string): Promise<string> {
  const slug = newSlug();
  await vault.createTenant(slug);
  await sql(change.replaceAll(':s', `tenant_${slug}`), [], url);
  return slug;
}

async function problemsOf(slug: string): Promise<Pick<TenantProblem, 'problem' | 'names'>[]> {
  const { diagnoses, healthy, failures } = await vault.diagnoseTenants({ tenants: [slug] });
  expect(failures).toEqual([]);
  expect(healthy).toEqual(diagnoses.length > 0 ? [] : [slug]);
  const problems = diagnoses.flatMap((diagnosis) => diagnosis.problems);
  expect(problems.every(({ message, remedy }) => message !== '' && remedy !== '')).toBe(true);
  return problems.map(({ problem, names }) => ({ problem, names }));
}

test.each([
  ['nothing', 'select', []],
  [
    'a schema that the platform has half migrated',
    'drop table :s.tenant_wise_config, :s.tenant_credential_events',
    [
      {
        problem: 'missing',
        names: [
          'idx_tenant_credential_events_position',
          'idx_tenant_credential_events_saved',
          'idx_tenant_credential_events_unsealed',
          'idx_tenant_wise_config_active',
          'tenant_credential_events',
          'tenant_wise_config',
        ],
      },
    ],
  ],
  [
    'columns that are missing, a later one and one of the first tables',
    `alter table :s.tenant_wise_config drop column failing_since;
     alter table :s.tenant_stripe_config drop column account_name`,
    [
      {
        problem: 'missing',
        names: ['tenant_stripe_config.account_name', 'tenant_wise_config.failing_since'],
      },
    ],
  ],
  [
    'a trigger that is missing',
    'drop trigger tenant_wise_config_updated_at on :s.tenant_wise_config',
    [{ problem: 'missing', names: ['tenant_wise_config_updated_at'] }],
  ],
  [
    'a view with the name of a table',
    'drop table :s.tenant_credential_states; create view :s.tenant_credential_states as select 1 as x',
    [{ problem: 'not_a_table', names: ['tenant_credential_states'] }],
  ],
  [
    'a table of migrations that is another tool’s',
    'drop table :s.schema_migrations; create table :s.schema_migrations (version varchar(128) primary key)',
    [{ problem: 'records_foreign', names: ['schema_migrations'] }],
  ],
])('%s is found', async (_, change, expected) => {
  expect(await problemsOf(await tenantWith(change))).toEqual(expected);
});

test('what migrations make repairs what is missing, by the command that is named', async () => {
  const slug = await tenantWith(
    'drop table :s.tenant_wise_config; alter table :s.tenant_resend_config drop column failing_since',
  );
  const [diagnosis] = (await vault.diagnoseTenants({ tenants: [slug] })).diagnoses;
  const command = /`cgk-integrations (migrate --tenant \w+)`/.exec(
    diagnosis?.problems[0]?.remedy ?? '',
  );
  const args = (command?.[1] ?? '').split(' ');
  expect(await runCli(args, { POSTGRES_URL: url })).toMatchObject({ status: 0 });
  expect(await problemsOf(slug)).toEqual([]);
});

test('a function of the triggers that belongs to somebody else is found, and one of the owner is not', async () => {
  const other = await newDatabase(`doctor_owner_${newSlug()}`);
  const role = `r_${newSlug()}`;
  const own = createIntegrations({ databaseUrl: other, encryptionKey: 'ab'.repeat(32) });
  await own.createTenant('acme');
  await sql(`create role ${role}`, [], other);
  await sql(`alter function public.update_updated_at_column() owner to ${role}`, [], other);
  const found = await own.diagnoseTenants();
  expect(found.diagnoses).toMatchObject([
    {
      tenantId: 'acme',
      problems: [{ problem: 'function_untrusted', names: ['update_updated_at_column'] }],
    },
  ]);
  await sql(`alter schema tenant_acme owner to ${role}`, [], other);
  expect(await own.diagnoseTenants()).toMatchObject({ healthy: ['acme'], diagnoses: [] });
  await own.close();
});

test('the command says what is wrong and what to do, changes nothing, and ends with 1 where something is wrong', async () => {
  const [whole, broken, foreign] = [
    await tenantWith('select'),
    await tenantWith('drop table :s.tenant_wise_config'),
    await tenantWith(
      'drop table :s.schema_migrations; create view :s.schema_migrations as select 1 as x',
    ),
  ] as const;
  const before = await sql('select count(*) from pg_class', [], url);
  expect(await doctor('--tenant', whole)).toEqual({
    status: 0,
    output: '1 of 1 schemas are as they should be.\n',
    errors: '',
  });
  const result = await doctor('--tenant', broken);
  expect(result).toMatchObject({ status: 1, errors: '' });
  expect(result.output).toMatch(
    new RegExp(
      `^${broken}: The schema lacks .* \\[missing\\]\\n {2}idx_tenant_wise_config_active\\n {2}tenant_wise_config\\n {2}Run .*migrate --tenant ${broken}`,
    ),
  );
  // Its tables are as they should be, and work.
  expect(await doctor('--tenant', foreign)).toMatchObject({ status: 1 });
  const all = await doctor('--all', '--json');
  const report = JSON.parse(all.output);
  expect(all.status).toBe(1);
  expect(report.healthy).toContain(whole);
  expect(report.diagnoses).toContainEqual(
    expect.objectContaining({
      tenantId: broken,
      problems: [expect.objectContaining({ problem: 'missing', harmless: false })],
    }),
  );
  expect((await sql('select count(*) from pg_class', [], url)).rows).toEqual(before.rows);
});

test('a table of migrations that is another tool’s alone is no failure', async () => {
  const slug = await tenantWith(
    'drop table :s.schema_migrations; create table :s.schema_migrations (version bigint primary key, dirty boolean)',
  );
  const result = await doctor('--tenant', slug);
  expect(result.status).toBe(0);
  expect(result.output).toContain('Nothing has to be done');
});

test('a tenant without a schema is said to have none', async () => {
  const slug = newSlug();
  expect(await problemsOf(slug)).toEqual([{ problem: 'schema_missing', names: [] }]);
  expect((await doctor('--tenant', slug)).status).toBe(1);
});

test('hundreds of schemas are looked at with one statement', async () => {
  const many = await newDatabase(`doctor_many_${newSlug()}`);
  await sql(
    `do $$ begin for n in 1..620 loop execute format('create schema tenant_t%s', n); end loop; end $$`,
    [],
    many,
  );
  const texts: string[] = [];
  const own = createIntegrations({ databaseUrl: many, encryptionKey: 'ab'.repeat(32) });
  const report = await own.diagnoseTenants({
    onProgress: (progress) => {
      texts.push(`${progress.done}/${progress.tenants}`);
    },
  });
  // Two statements: of 500 and of 120.
  expect(texts).toEqual(['500/620', '620/620']);
  expect(report.diagnoses).toHaveLength(620);
  expect(new Set(report.diagnoses.map(({ problems }) => problems[0]?.problem))).toEqual(
    new Set(['missing']),
  );
  await own.close();
});

test('a slug that is none fails alone', async () => {
  const whole = await tenantWith('select');
  expect(await vault.diagnoseTenants({ tenants: ['a,b; drop', '', whole] })).toMatchObject({
    healthy: [whole],
    failures: [
      { tenantId: 'a,b; drop', code: 'TENANT_INVALID' },
      { tenantId: '', code: 'TENANT_INVALID' },
    ],
  });
});

test.each([
  [[]],
  [['--tenant', 'acme', '--all']],
  [['acme', '--all']],
  [['--all', '--fix']],
  [['--all', '--concurrency', '0']],
])('wrong usage shows the usage: %j', async (args) => {
  expect(await doctor(...args)).toMatchObject({
    status: 2,
    errors: expect.stringContaining('doctor'),
  });
});

test('a database that is away is waited for, and a failure has its code and no password', async () => {
  const result = await runCli(['doctor', '--all'], {
    POSTGRES_URL: 'postgres://user:hunter2@127.0.0.1:1/x',
  });
  expect(result.status).toBe(1);
  expect(result.errors).toContain('[DATABASE_UNAVAILABLE]');
  expect(result.errors).not.toContain('hunter2');
});
