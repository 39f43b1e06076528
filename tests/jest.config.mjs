const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  // `import()` stays what it is: some helpers and packages are ES modules only.
  module: { type: 'commonjs', ignoreDynamic: true },
};

const shared = { transform: { '^.+\\.ts$': ['@swc/jest', swc] } };

/**
 * What stands for the package on each backend, so that what is built on it answers from there, too.
 * On Node it is the main entry point, which takes the addon.
 */
const ENTRIES = {
  native: { '^@cgk-platform/integrations/native$': '@cgk-platform/integrations' },
  wasm: {
    '^@cgk-platform/integrations$': '@cgk-platform/integrations/wasm',
    '^@cgk-platform/integrations/routes$': '<rootDir>/../npm/integrations/dist/routes-wasm.js',
  },
  edge: { '^@cgk-platform/integrations/routes$': '<rootDir>/kit/edge-vault.ts' },
};

/** The contract suite runs unchanged on every backend. */
const contract = (/** @type {'native' | 'wasm' | 'edge'} */ backend) => ({
  ...shared,
  displayName: backend,
  globals: { BACKEND: backend },
  testMatch: ['<rootDir>/contract/**/*.test.ts'],
  moduleNameMapper: ENTRIES[backend],
});

export default {
  globalSetup: '<rootDir>/global-setup.mjs',
  globalTeardown: '<rootDir>/global-teardown.mjs',
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    contract('native'),
    contract('wasm'),
    contract('edge'),
    {
      ...contract('native'),
      displayName: 'native, shared tables',
      globals: { BACKEND: 'native', LAYOUT: 'shared' },
      setupFiles: ['<rootDir>/kit/shared-layout.ts'],
    },
    {
      ...contract('native'),
      displayName: 'native, partitioned tables',
      globals: { BACKEND: 'native', LAYOUT: 'shared' },
      setupFiles: ['<rootDir>/kit/shared-layout.ts'],
      setupFilesAfterEnv: ['<rootDir>/kit/partitioned-tables.ts'],
      testMatch: ['events', 'isolation', 'schedule', 'storage'].map(
        (name) => `<rootDir>/contract/${name}.test.ts`,
      ),
    },
    {
      ...shared,
      displayName: 'legacy SDKs',
      globals: { BACKEND: 'native' },
      testMatch: ['<rootDir>/legacy-sdks/**/*.test.ts'],
      moduleNameMapper: {
        '^stripe$': 'stripe-17',
        '^resend$': 'resend-4',
        '^@mux/mux-node$': 'mux-node-9',
      },
    },
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/*/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        ...['contract', 'edge', 'fixtures', 'legacy-sdks', 'runtimes'].map(
          (folder) => `<rootDir>/${folder}/`,
        ),
      ],
    },
    {
      ...shared,
      displayName: 'runtimes',
      testMatch: ['<rootDir>/runtimes/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'edge, in Jest',
      testEnvironment: '<rootDir>/kit/edge-environment.ts',
      testMatch: ['<rootDir>/edge/**/*.test.ts'],
    },
  ],
};
