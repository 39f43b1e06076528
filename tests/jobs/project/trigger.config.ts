import { integrationsExtension } from '@cgk-platform/integrations/trigger';
import { syncVercelEnvVars } from '@trigger.dev/build/extensions/core';
import { defineConfig } from '@trigger.dev/sdk';

export default defineConfig({
  project: 'proj_local',
  dirs: ['./src'],
  maxDuration: 60,
  build: {
    extensions: [
      // An addon cannot be bundled: the vault is installed where the jobs run, with its SDKs.
      integrationsExtension(),
      // `INTEGRATION_ENCRYPTION_KEY` and `POSTGRES_URL` are those of the Vercel project.
      syncVercelEnvVars(),
    ],
  },
});
