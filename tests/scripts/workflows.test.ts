import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type * as Workflows from '../../scripts/lib/workflows.mjs';

const ROOT = join(__dirname, '../..');
const load = (): Promise<typeof Workflows> => import('../../scripts/lib/workflows.mjs');
const release = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');

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

test('only the job that publishes may speak for the project to npm', () => {
  expect(release.match(/id-token: write/g)).toHaveLength(1);
  expect(release).toMatch(/^permissions: \{\}$/m);
});
