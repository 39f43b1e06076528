// Runs the task of a built project and prints what it gives.

import { configureIntegrations, getBackendInfo } from '@cgk-platform/integrations';

const { file, name, endpoints, payload } = JSON.parse(process.env.RUN ?? '');
configureIntegrations({ endpoints });
const { [name]: run } = await import(file);
const result = await run(payload).catch((/** @type {Error} */ error) => ({
  error: error.message,
}));
console.log(`\n${JSON.stringify({ result, backend: getBackendInfo().backend })}`);
process.exit(0);
