// The packed package on other versions of Node, on Bun and on Deno, whose binaries come from npm.

import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addonPackage, fixturePath, installFixture, runIn } from '../kit/fixtures';
import { VERSION } from '../kit/package-version';
import { type ServedTenants, secretOf, serveTenants, stripeCalls } from '../kit/served-tenants';

/** The command of each, in the project. */
const RUNTIMES: [string, string, ...string[]][] = [
  ['Node 22', 'node-22/bin/node'],
  ['Node 24', 'node-24/bin/node'],
  ['Bun', '@oven/bun-linux-x64/bin/bun'],
  ['Deno', '@deno/linux-x64-glibc/deno', 'run', '--allow-all'],
];

let folder: string;
/** The same with a link to the package, which lies in a repository with its sources. */
let linked: string;
let served: ServedTenants;
let tenant: string;
/** One whose key the programs change. */
let changed: string;

beforeAll(async () => {
  [folder, served] = await Promise.all([installFixture('runtimes'), serveTenants(2)]);
  [tenant, changed] = served.tenants as [string, string];
  for (const program of ['call-stripe.mjs', 'call-stripe.cjs']) {
    cpSync(fixturePath(`node/${program}`), join(folder, program));
  }
  linked = linkPackage(folder);
}, 300_000);
afterAll(() => served.close());

describe.each(RUNTIMES)('%s', (_name, binary, ...args) => {
  /** Runs a program and reads what it prints as JSON. */
  async function evaluate(
    program: string,
    { project = folder, TENANT = changed } = {},
  ): Promise<unknown> {
    const command = join(folder, 'node_modules', binary);
    const env = { ...served.env, TENANT };
    return JSON.parse(await runIn(project, command, [...args, program], env));
  }

  test.each(['call-stripe.mjs', 'call-stripe.cjs'])('%s', async (program) => {
    served.vendors.requests.length = 0;
    expect(await evaluate(program, { TENANT: tenant })).toEqual({
      backend: 'native',
      version: VERSION,
      reason: 'addon for linux-x64-gnu',
      customer: 'cus_1',
    });
    expect(stripeCalls(served.vendors)).toEqual([{ customer: tenant, key: secretOf(tenant) }]);
  });

  const ALL_ENTRIES = {
    backends: ['wasm', 'wasm', 'native', 'wasm'],
    customer: 'cus_1',
    connected: true,
    renewed: [true, true],
  };

  test('all entry points have one state', async () => {
    expect(await evaluate('test-vault.mjs')).toEqual(ALL_ENTRIES);
  });

  test('a package that is linked from a repository is one, too', async () => {
    expect(await evaluate('test-vault.mjs', { project: linked })).toEqual(ALL_ENTRIES);
  });

  test('threads, and threads that are terminated during calls', async () => {
    expect(await evaluate('threads.mjs')).toEqual({
      backend: 'native',
      answers: Array(3).fill('sk_test_thread'),
    });
  });

  test('a forked process that exits during calls', async () => {
    expect(await evaluate('processes.mjs')).toEqual({
      code: 7,
      signal: null,
      secret: expect.stringMatching(/^sk_test_(parent|child)$/),
    });
  });
});

function linkPackage(project: string): string {
  const target = `${project}-linked`;
  const modules = join(target, 'node_modules');
  const repository = join(target, 'packages/integrations');
  mkdirSync(join(modules, '@cgk-platform'), { recursive: true });
  for (const file of ['package.json', 'test-vault.mjs']) {
    cpSync(join(project, file), join(target, file));
  }
  cpSync(join(project, 'node_modules/@cgk-platform/integrations'), repository, { recursive: true });
  for (const source of ['src', 'tsconfig.json']) {
    const path = join(__dirname, '../../npm/integrations', source);
    cpSync(path, join(repository, source), { recursive: true });
  }
  symlinkSync(repository, join(modules, '@cgk-platform/integrations'));
  for (const name of ['stripe', '@electric-sql', addonPackage()]) {
    symlinkSync(join(project, 'node_modules', name), join(modules, name));
  }
  return target;
}
