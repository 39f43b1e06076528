// Builds a Trigger.dev project as `trigger deploy` does and prints the manifest. Vercel's API is
// asked at VERCEL_API.

import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , project = '', destination = ''] = process.argv;
const cli = dirname(fileURLToPath(import.meta.resolve('trigger.dev')));
const load = (/** @type {string} */ file) => import(pathToFileURL(join(cli, file)).href);
const { loadConfig } = await load('config.js');
const { buildWorker } = await load('build/buildWorker.js');

const realFetch = globalThis.fetch;
globalThis.fetch = (url, init) =>
  realFetch(String(url).replace('https://api.vercel.com', process.env.VERCEL_API ?? ''), init);

const manifest = await buildWorker({
  target: 'deploy',
  environment: 'prod',
  destination,
  resolvedConfig: await loadConfig({ cwd: project }),
  rewritePaths: false,
  plain: true,
});
console.log(`\n${JSON.stringify(manifest)}`);
process.exit(0);
