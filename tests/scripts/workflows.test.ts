import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type * as Workflows from '../../scripts/lib/workflows.mjs';

const ROOT = join(__dirname, '../..');
const load = (): Promise<typeof Workflows> => import('../../scripts/lib/workflows.mjs');
const release = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
const ci = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');

/** The jobs of a workflow, by name. */
function jobsOf(workflow: string): Record<string, string> {
  const [, jobs = ''] = workflow.split(/^jobs:\n/m);
  return Object.fromEntries(
    jobs
      .split(/^(?= {2}[\w-]+:$)/m)
      .map((text) => [text.match(/^ {2}([\w-]+):$/m)?.[1] ?? '', text] as const)
      .filter(([name]) => name !== ''),
  );
}

/** What a job may do. */
function rightsOf(job: string): string[] {
  const [, block = ''] = job.match(/^ {4}permissions:\n((?: {6}.*\n)*)/m) ?? [];
  return block.match(/[\w-]+: \w+/g) ?? [];
}

const stepsOf = (job: string): string[] => job.split(/^ {6}- /m).slice(1);

test('the workflows are accepted, and broken ones are not', async () => {
  const { checkWorkflows, lintWorkflow } = await load();
  await checkWorkflows();
  for (const broken of [
    release.replace('needs: version', 'needs: versions'),
    release.replace('matrix.platform', 'matrix.plattform'),
    release.replace('runs-on: ubuntu-latest', 'runs-on: ubuntu-oldest'),
    'jobs: {}',
  ]) {
    expect(broken).not.toBe(release);
    expect(await lintWorkflow(broken, 'release.yml')).not.toEqual([]);
  }
});

test('every platform is built once', () => {
  const platforms = readdirSync(join(ROOT, 'npm')).filter((name) =>
    /^(darwin|linux|win32)/.test(name),
  );
  const built = [...release.matchAll(/- platform: (\S+)/g)].map(([, platform]) => platform);
  expect(built.sort()).toEqual(platforms.sort());
});

test('what runs code of others has no rights, and what has rights runs none of it', () => {
  expect(release).toMatch(/^permissions: \{\}$/m);
  const jobs = jobsOf(release);
  expect(
    Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, rightsOf(job)])),
  ).toEqual({
    version: ['contents: read'],
    propose: ['contents: write', 'pull-requests: write'],
    build: ['contents: read'],
    'cross-build': ['contents: read'],
    pack: ['contents: read'],
    'test-packages': ['contents: read'],
    publish: ['id-token: write'],
    announce: ['contents: write'],
  });
  for (const name of ['propose', 'publish', 'announce']) {
    // No install, no script of a package, no build, no test.
    expect(jobs[name]).not.toMatch(/npm (ci|install|run|test|exec)|npx|cargo|pip|docker|node [^-]/);
    expect(jobs[name]).not.toMatch(/setup-node/);
  }
});

test('what is published is what was packed: downloaded, verified by its hashes, and nothing else', () => {
  const { pack = '', publish = '' } = jobsOf(release);
  const steps = stepsOf(publish);
  expect(steps).toHaveLength(3);
  expect(steps[0]).toMatch(/^uses: actions\/download-artifact@/);
  expect(steps[1]).toContain('sha256sum --check --strict');
  expect(steps[1]).toMatch(/HASHES: \$\{\{ needs\.pack\.outputs\.hashes \}\}/);
  expect(steps[2]).toContain('npm publish "./packages/$tarball"');
  expect(steps[2]).toContain('done < SHA256SUMS');
  // The hashes are taken before anything else gets to run beside the packages.
  const order = stepsOf(pack).map((step) => step.match(/npm run (\w+)|SHA256SUMS/)?.[0]);
  expect(order.filter(Boolean)).toEqual([
    'npm run addon',
    'npm run pack',
    'SHA256SUMS',
    'npm run sbom',
  ]);
  expect(publish).toMatch(/needs: \[version, pack, test-packages\]/);
});

test('an addon is handed over before tests run beside it', () => {
  const { build = '', 'cross-build': crossBuild = '' } = jobsOf(release);
  for (const [job, test] of [
    [build, 'npm test'],
    [crossBuild, 'docker run'],
  ] as const) {
    const steps = stepsOf(job);
    const uploaded = steps.findIndex((step) => step.includes('actions/upload-artifact@'));
    expect(uploaded).toBeGreaterThan(-1);
    expect(steps.findIndex((step) => step.includes(test))).toBeGreaterThan(uploaded);
  }
  expect(crossBuild).toContain('--volume "$PWD:/work:ro"');
});

test.each([
  ['ci.yml', ci],
  ['release.yml', release],
])('%s: actions are those of a commit, and leave no token behind', (_, workflow) => {
  const used = [...workflow.matchAll(/uses: (.*)/g)].map(([, action]) => action);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) {
    expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
  const checkouts = stepsOf(workflow).filter((step) => step.includes('actions/checkout@'));
  for (const step of checkouts) {
    expect(step).toContain('persist-credentials: false');
  }
});

test('programs from elsewhere have hashes', () => {
  expect(release.match(/pip install.*/g)).toEqual([
    'pip install --require-hashes --requirement .github/zig.txt',
    'pip install --require-hashes --requirement .github/zig.txt',
  ]);
  const text = readFileSync(join(ROOT, '.github/zig.txt'), 'utf8');
  // One for each processor that Linux addons are built on.
  expect(text.match(/^[\w-]+==[\d.]+ \\$/gm)).toHaveLength(2);
  expect(text.match(/--hash=sha256:[0-9a-f]{64}/g)).toHaveLength(4);
});
