// What `withIntegrations` leaves of a project's own settings. The builds of next.test.ts, workspace.test.ts and
// adopting.test.ts show what it adds.

import { withIntegrations } from '@cgk-platform/integrations/next';
import { afterEach, describe, expect, test } from '@jest/globals';

const NAME = '@cgk-platform/integrations';

/** As much of webpack's configuration as is changed. */
interface WebpackConfig {
  externals?: unknown;
  name?: string;
}

interface Settings {
  serverExternalPackages?: string[];
  transpilePackages?: string[];
  env?: Record<string, string>;
  reactStrictMode?: boolean;
  outputFileTracingIncludes?: Record<string, string[]>;
  turbopack?: { resolveAlias?: Record<string, string>; root?: string };
  webpack?: (
    config: WebpackConfig,
    context: { isServer: boolean; nextRuntime?: 'nodejs' | 'edge' },
  ) => WebpackConfig;
}

afterEach(() => {
  delete process.env.TURBOPACK;
});

test('a configuration keeps its settings', () => {
  const own: Settings = {
    reactStrictMode: true,
    serverExternalPackages: ['sharp'],
    transpilePackages: ['ui', NAME],
  };
  expect(withIntegrations(own)).toMatchObject({
    reactStrictMode: true,
    serverExternalPackages: ['sharp', NAME],
    transpilePackages: ['ui'],
  });
  expect(withIntegrations()).toMatchObject({ serverExternalPackages: [NAME] });
});

test.each([
  [
    'a function',
    (phase: string, { defaultConfig }: { defaultConfig: Settings }) => ({
      ...defaultConfig,
      env: { phase },
    }),
  ],
  [
    'an async function',
    async (phase: string, { defaultConfig }: { defaultConfig: Settings }) => ({
      ...defaultConfig,
      env: { phase },
    }),
  ],
])('%s that makes a configuration gets what Next.js hands it', async (_, make) => {
  const completed = withIntegrations(make);
  expect(await completed('a-phase', { defaultConfig: { reactStrictMode: true } })).toMatchObject({
    reactStrictMode: true,
    env: { phase: 'a-phase' },
    serverExternalPackages: [NAME],
  });
});

describe('webpack', () => {
  const own: Settings = {
    webpack: (config) => ({ ...config, name: 'changed', externals: ['own-external'] }),
  };
  const configured = (context: { isServer: boolean; nextRuntime?: 'nodejs' | 'edge' }) =>
    withIntegrations(own).webpack?.({}, context);

  test('the function of the project runs, and its externals stay', async () => {
    const { name, externals } = configured({ isServer: true, nextRuntime: 'nodejs' }) ?? {};
    const [leaveOut, ...others] = externals as [(data: object) => Promise<unknown>, ...unknown[]];
    expect([name, others]).toEqual(['changed', ['own-external']]);
    const requests = [NAME, `${NAME}/routes`, `${NAME}/admin`, `${NAME}-other`, 'sharp'];
    expect(await Promise.all(requests.map((request) => leaveOut({ request })))).toEqual([
      `commonjs ${NAME}`,
      `commonjs ${NAME}/routes`,
      ...[undefined, undefined, undefined],
    ]);
  });

  test.each([
    ['browsers', { isServer: false }],
    ['the edge', { isServer: true, nextRuntime: 'edge' } as const],
  ])('what is built for %s is as it was', (_, context) => {
    expect(configured(context)).toEqual({ name: 'changed', externals: ['own-external'] });
  });
});

test('Turbopack gets no setting for webpack, which Next.js 16 refuses, and keeps its own', () => {
  process.env.TURBOPACK = '1';
  const own: Settings = {
    outputFileTracingIncludes: { '/**': ['data.json'] },
    turbopack: { root: '/repository', resolveAlias: { a: 'b' } },
  };
  const completed = withIntegrations(own);
  expect(completed).not.toHaveProperty('webpack');
  // Here the package is linked.
  expect(completed.turbopack).toMatchObject({
    root: '/repository',
    resolveAlias: {
      a: 'b',
      [NAME]: `${NAME}/external`,
      [`${NAME}/routes`]: `${NAME}/external/routes`,
    },
  });
  expect(completed.outputFileTracingIncludes?.['/**']).toEqual(
    expect.arrayContaining([
      'data.json',
      expect.stringMatching(/npm\/integrations\/dist\/\*\*\/\*$/),
    ]),
  );
});
