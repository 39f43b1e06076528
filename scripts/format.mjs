// `npm run format`: formats all sources.

import { installDependencies } from './lib/dependencies.mjs';
import { npx, run, runMain } from './lib/run.mjs';

await runMain(async () => {
  await installDependencies();
  await run('cargo', ['fmt', '--all']);
  await npx('@biomejs/biome/bin/biome', ['check', '--write']);
});
