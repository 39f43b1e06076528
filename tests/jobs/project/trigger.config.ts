import { additionalPackages, syncVercelEnvVars } from '@trigger.dev/build/extensions/core';
import { defineConfig } from '@trigger.dev/sdk';

export default defineConfig({
  project: 'proj_local',
  dirs: ['./src'],
  maxDuration: 60,
  build: {
    // An addon can not be bundled: it is installed where the jobs run.
    external: ['@cgk-platform/integrations'],
    extensions: [
      // `INTEGRATION_ENCRYPTION_KEY` and `POSTGRES_URL` are those of the Vercel project.
      syncVercelEnvVars(),
      // The SDKs are loaded by the vault and not by a job, so the bundler does not see them.
      additionalPackages({ packages: ['resend@6.38.0'] }),
    ],
  },
});
