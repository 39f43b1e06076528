// `npm run format`: formats all sources.

import { installDependencies } from './lib/dependencies.mjs';
import { npx, run, runMain } from './lib/run.mjs';

await runMain(async () => {
  await installDependencies();
  await run('cargo', ['fmt', '--all']);
  await run('cargo', ['fmt', '--manifest-path', 'crates/fuzz/Cargo.toml']);
  await npx('@biomejs/biome/bin/biome', ['check', '--write']);
});
