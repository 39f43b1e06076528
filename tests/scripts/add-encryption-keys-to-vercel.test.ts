import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FakeVercel } from '../kit/fake-vercel';
import { temporaryFolder } from '../kit/temporary.cjs';

const SCRIPT = resolve(__dirname, '../../scripts/add-encryption-keys-to-vercel.sh');
const NAMES = ['INTEGRATION_ENCRYPTION_KEY', 'SHOPIFY_TOKEN_ENCRYPTION_KEY'];
const ENVIRONMENTS = ['production', 'preview', 'development'];
const APPS = ['apps/admin', 'apps/store front'];
const TARGETS = APPS.flatMap((app) =>
  ENVIRONMENTS.flatMap((environment) => NAMES.map((name) => [app, environment, name].join('|'))),
);
const GIVEN = {
  INTEGRATION_ENCRYPTION_KEY: 'a-given-key-of-more-than-32-characters',
  SHOPIFY_TOKEN_ENCRYPTION_KEY: '0f'.repeat(32),
};

/** A monorepo with two linked apps and one that is not. */
function monorepo(): string {
  const root = temporaryFolder('monorepo');
  for (const app of APPS) {
    mkdirSync(join(root, app, '.vercel'), { recursive: true });
    writeFileSync(join(root, app, '.vercel/project.json'), '{}');
  }
  mkdirSync(join(root, 'apps/docs'));
  return root;
}

/** Runs the script; whatever it does, no key may be shown or passed as an argument. */
function run(
  vercel: FakeVercel,
  args: string[] = [],
  env: Record<string, string> = {},
  cwd = monorepo(),
) {
  const result = spawnSync(SCRIPT, args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${vercel.folder}:${process.env.PATH}`,
      FAKE_VERCEL_STATE: vercel.stateFile,
      ...env,
    },
  });
  const { calls, variables } = vercel.state;
  const keys = [
    ...Object.values(variables),
    ...Object.values(env),
    ...calls.map((call) => call.stdin),
  ];
  const shown = result.stdout + result.stderr + calls.flatMap((call) => call.args).join(' ');
  for (const key of keys.filter((key) => key.length >= 16)) {
    expect(shown).not.toContain(key);
  }
  return { status: result.status, output: result.stdout, errors: result.stderr, variables, calls };
}

const adds = (calls: { args: string[] }[]) => calls.filter((call) => call.args.includes('add'));

describe('add-encryption-keys-to-vercel.sh', () => {
  test('adds both keys to every linked app and environment, the same everywhere', () => {
    const { status, output, variables } = run(new FakeVercel());
    expect(status).toBe(0);
    expect(Object.keys(variables).sort()).toEqual([...TARGETS].sort());
    expect(new Set(Object.values(variables)).size).toBe(2);
    expect(Buffer.from(variables[TARGETS[0] ?? ''] ?? '', 'base64')).toHaveLength(32);
    expect(variables[TARGETS[1] ?? '']).toMatch(/^[0-9a-f]{64}$/);
    expect(output).toContain('apps/docs: not linked, skipped');
    expect(output).toContain('Added 12, kept 0, failed 0, skipped apps 1.');
  });

  test('takes the values from the environment, or from a file', () => {
    const fromEnvironment = run(new FakeVercel(), [], GIVEN).variables;
    const file = join(temporaryFolder('env'), '.env');
    const lines = Object.entries(GIVEN).map(([name, value]) => `${name}=${value}`);
    writeFileSync(file, `# keys\n${lines.join('\n')}\n`);
    const fromFile = run(new FakeVercel(), ['--env-file', file]).variables;
    for (const variables of [fromEnvironment, fromFile]) {
      expect(new Set(Object.values(variables))).toEqual(new Set(Object.values(GIVEN)));
    }
  });

  test('keeps existing keys, because credentials are encrypted under them', () => {
    const variables = Object.fromEntries(
      TARGETS.map((target) => [target, 'an existing value of some length']),
    );
    const result = run(new FakeVercel({ variables }), [], GIVEN);
    expect(result.status).toBe(0);
    expect(result.variables).toEqual(variables);
    expect(adds(result.calls)).toEqual([]);
    expect(result.output).toContain('Added 0, kept 12, failed 0');
  });

  test('replaces them when told so', () => {
    const variables = Object.fromEntries(
      TARGETS.map((target) => [target, 'an existing value of some length']),
    );
    const result = run(new FakeVercel({ variables }), ['--force'], GIVEN);
    expect(result.status).toBe(0);
    expect(new Set(Object.values(result.variables))).toEqual(new Set(Object.values(GIVEN)));
  });

  test('does not add a new value beside one that it keeps', () => {
    const existing = 'apps/admin|production|INTEGRATION_ENCRYPTION_KEY';
    const result = run(
      new FakeVercel({ variables: { [existing]: 'an existing value of some length' } }),
    );
    expect(result.status).toBe(1);
    expect(result.errors).toContain(
      'INTEGRATION_ENCRYPTION_KEY: set or unreadable in apps/admin/production',
    );
    const names = Object.keys(result.variables).map((target) => target.split('|')[2]);
    expect(names.filter((name) => name === NAMES[0])).toHaveLength(1);
    expect(names.filter((name) => name === NAMES[1])).toHaveLength(6);
  });

  test('fills the gaps with a given value', () => {
    const existing = 'apps/admin|production|INTEGRATION_ENCRYPTION_KEY';
    const result = run(
      new FakeVercel({ variables: { [existing]: 'kept value of some length' } }),
      [],
      GIVEN,
    );
    expect(result.status).toBe(0);
    expect(result.variables[existing]).toBe('kept value of some length');
    expect(result.output).toContain('Added 11, kept 1, failed 0');
  });

  test('reports a failing add without its key, does the others and fails', () => {
    const failing = [['add', 'SHOPIFY_TOKEN_ENCRYPTION_KEY', 'preview', 'apps/admin']];
    const result = run(new FakeVercel({ failing }));
    expect(result.status).toBe(1);
    expect(Object.keys(result.variables)).toHaveLength(11);
    expect(result.errors).toContain(
      'apps/admin preview: SHOPIFY_TOKEN_ENCRYPTION_KEY could not be added: Error: the service said no to [redacted]',
    );
    expect(result.output).toContain('Added 11, kept 0, failed 1');
  });

  test('adds nothing where it can not see what is there', () => {
    const failing = [['ls', 'production', 'apps/store front']];
    const result = run(new FakeVercel({ failing }), [], GIVEN);
    expect(result.status).toBe(1);
    expect(result.errors).toContain(
      'apps/store front production: the existing variables can not be listed',
    );
    expect(Object.keys(result.variables).filter((key) => key.includes('front|production'))).toEqual(
      [],
    );
    expect(result.output).toContain('Added 10, kept 0, failed 2');
  });

  test('is not confused by a longer name', () => {
    const existing = 'apps/admin|production|INTEGRATION_ENCRYPTION_KEY_OLD';
    const result = run(new FakeVercel({ variables: { [existing]: 'x' } }));
    expect(result.status).toBe(0);
    expect(Object.keys(result.variables)).toHaveLength(13);
  });

  test('--dry-run adds nothing', () => {
    const result = run(new FakeVercel(), ['--dry-run']);
    expect([result.status, adds(result.calls)]).toEqual([0, []]);
    expect(result.output).toContain(
      'apps/admin production: INTEGRATION_ENCRYPTION_KEY would be added',
    );
  });

  test.each([
    ['INTEGRATION_ENCRYPTION_KEY', 'only-thirty-one-characters-long', 'at least 32 characters'],
    ['SHOPIFY_TOKEN_ENCRYPTION_KEY', 'zz'.repeat(32), '64 hexadecimal characters'],
  ])('a bad %s is refused before anything is asked', (name, value, message) => {
    const result = run(new FakeVercel(), [], { [name]: value });
    expect(result.status).toBe(1);
    expect(result.errors).toContain(message);
    expect(result.calls.filter((call) => call.args[0] !== 'whoami')).toEqual([]);
  });

  test('without apps, login or CLI it says so and fails', () => {
    const empty = run(new FakeVercel(), [], {}, temporaryFolder('monorepo'));
    expect([empty.status, empty.errors]).toEqual([
      1,
      expect.stringContaining('No linked app in apps'),
    ]);

    const loggedOut = run(new FakeVercel({ loggedIn: false }));
    expect([loggedOut.status, loggedOut.errors]).toEqual([
      1,
      expect.stringContaining('vercel login'),
    ]);

    const missing = spawnSync(SCRIPT, {
      encoding: 'utf8',
      cwd: monorepo(),
      env: { PATH: '/usr/bin:/bin' },
    });
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('not installed')]);
  });

  test('wrong usage shows the usage', () => {
    const result = run(new FakeVercel(), ['--unknown']);
    expect([result.status, result.errors]).toEqual([2, expect.stringContaining('Usage')]);
  });
});
