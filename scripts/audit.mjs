// `npm run audit`: known faults of the npm packages and of the crates. Needs the internet.

import { cargoDeny } from './lib/cargo-tool.mjs';
import { run, runMain, step } from './lib/run.mjs';

await runMain(async () => {
  await step('npm packages', () => run('npm', ['audit', '--omit=dev', '--audit-level=high']));
  await step('Crates', async () => run(await cargoDeny(), ['check', 'advisories']));
});
