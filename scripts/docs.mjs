// `npm run docs`: writes what is generated in docs/. `npm run check` fails where that was forgotten.

import { build } from './build.mjs';
import { runMain, step } from './lib/run.mjs';

await runMain(async () => {
  await build();
  // Imported late: they need packages that the build installs.
  const { writePages } = await import('./lib/pages/generated.mjs');
  await step('Writing the generated pages', writePages);
});
