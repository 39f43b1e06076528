const shared = {
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
};

/** The contract suite runs unchanged on every backend. */
const contract = (backend) => ({
  ...shared,
  displayName: backend,
  globals: { BACKEND: backend },
  testMatch: ['<rootDir>/contract/**/*.test.ts'],
});

export default {
  globalSetup: '<rootDir>/support/global-setup.mjs',
  globalTeardown: '<rootDir>/support/global-teardown.mjs',
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    contract('native'),
    contract('wasm'),
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/*/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/contract/'],
    },
  ],
};
