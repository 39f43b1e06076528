import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { FakeVercel } from '../kit/fake-vercel';
import { temporaryFolder } from '../kit/temporary.cjs';

const SCRIPT = resolve(__dirname, '../../scripts/pull-env-from-vercel.sh');
const APPS = ['apps/admin', 'apps/store front'];
const KEY = 'a-key-of-the-tests-with-more-than-32-characters';
const VARIABLES = {
  'apps/admin|development|INTEGRATION_ENCRYPTION_KEY': KEY,
  'apps/admin|development|POSTGRES_URL': 'postgresql://user:password-of-admin@db.example.com/shop',
  'apps/admin|production|INTEGRATION_ENCRYPTION_KEY': 'the-key-of-production-0123456789abcdef',
  'apps/store front|development|INTEGRATION_ENCRYPTION_KEY': KEY,
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

/** Runs the script; whatever it does, no value may be shown. */
function run(root: string, args: string[] = [], state = {}) {
  const vercel = new FakeVercel({ variables: VARIABLES, ...state });
  const result = spawnSync(SCRIPT, args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: `${vercel.folder}:${process.env.PATH}`,
      FAKE_VERCEL_STATE: vercel.stateFile,
    },
  });
  for (const value of Object.values(VARIABLES)) {
    expect(result.stdout + result.stderr).not.toContain(value);
  }
  return { status: result.status, output: result.stdout, errors: result.stderr };
}

const envFile = (root: string, app = 'apps/admin') => join(root, app, '.env.local');
const envOf = (root: string, app?: string) => readFileSync(envFile(root, app), 'utf8');

test('every linked app gets its own variables, in a file that only its owner can read', () => {
  const root = monorepo();
  const { status, output } = run(root);
  expect(status).toBe(0);
  expect(envOf(root)).toContain(`INTEGRATION_ENCRYPTION_KEY="${KEY}"`);
  expect(envOf(root)).toContain('password-of-admin');
  expect(envOf(root, 'apps/store front')).toContain(KEY);
  expect(envOf(root, 'apps/store front')).not.toContain('password-of-admin');
  expect(statSync(envFile(root)).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, 'apps/admin')).sort()).toEqual(['.env.local', '.vercel']);
  expect(output).toContain('apps/docs: not linked, skipped');
  expect(output).toContain('Pulled 2, failed 0, skipped apps 1.');
});

test('variables that only the file has stay in it, those of Vercel are renewed', () => {
  const root = monorepo();
  const pem = 'SIGNING_KEY="-----BEGIN KEY-----\nline\n-----END KEY-----"';
  writeFileSync(envFile(root), `# mine\nPOSTGRES_URL="old\nolder"\n${pem}\nexport DEBUG=1\n`);
  run(root);
  const once = envOf(root);
  expect(once).toContain(pem);
  expect(once).toContain('export DEBUG=1');
  expect(once).not.toMatch(/old/);
  run(root);
  expect(envOf(root)).toBe(once);
});

test('--environment takes those of another environment', () => {
  const root = monorepo();
  expect(run(root, ['--environment', 'production']).output).toContain(
    'apps/store front: INTEGRATION_ENCRYPTION_KEY is not among them',
  );
  expect(envOf(root)).toContain('the-key-of-production');
});

test('an app whose variables cannot be pulled keeps its file, and the others get theirs', () => {
  const root = monorepo();
  writeFileSync(envFile(root), 'DEBUG=1\n');
  const { status, output, errors } = run(root, [], { failing: [['pull', 'apps/admin']] });
  expect(status).toBe(1);
  expect(errors).toContain('apps/admin: the variables cannot be pulled, .env.local is as it was');
  expect(envOf(root)).toBe('DEBUG=1\n');
  expect(readdirSync(join(root, 'apps/admin')).sort()).toEqual(['.env.local', '.vercel']);
  expect(output).toContain('Pulled 1, failed 1');
});

test('a file that git would commit is not written', () => {
  const root = monorepo();
  spawnSync('git', ['init', '-q'], { cwd: root });
  const { status, errors } = run(root);
  expect(status).toBe(1);
  expect(errors).toContain('apps/admin: git does not ignore .env.local');
  expect(readdirSync(join(root, 'apps/admin'))).toEqual(['.vercel']);
  writeFileSync(join(root, '.gitignore'), '.env*.local\n');
  expect(run(root).status).toBe(0);
});

test('without apps, login or a known environment it says so and fails', () => {
  const empty = run(temporaryFolder('monorepo'));
  expect([empty.status, empty.errors]).toEqual([1, expect.stringContaining('No linked app')]);
  const loggedOut = run(monorepo(), [], { loggedIn: false });
  expect([loggedOut.status, loggedOut.errors]).toEqual([
    1,
    expect.stringContaining('vercel login'),
  ]);
  for (const args of [['--unknown'], ['--environment', 'staging'], ['--environment']]) {
    expect(run(monorepo(), args)).toMatchObject({
      status: 2,
      errors: expect.stringContaining('Usage'),
    });
  }
});
